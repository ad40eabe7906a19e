import { join } from 'node:path';
import { defined } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { LandmarkCard } from '../../core/contract/model-card.ts';
import { square } from '../../core/faces/boxes.ts';
import { fivePoints } from '../../core/faces/five.ts';
import { cutOut, halvings } from '../../core/faces/resample.ts';
import type { Box, Points5 } from '../../core/faces/types.ts';
import { type EngineOptions, openSession } from '../engine/session.ts';
import { inputTensor } from './preprocess.ts';

/** A landmark network that is ready to run. It computes on the calling thread. */
export interface LandmarkModel {
  readonly card: LandmarkCard;
  /** Points [card.points, card.dimensions] in photograph pixels, for the face in `box`; depth has x's unit. */
  points(image: RgbImage, box: Box): Promise<Float32Array>;
  /** The five points of alignment out of them; null where the model's layout of points is not known. */
  five(image: RgbImage, box: Box): Promise<Points5 | null>;
  close(): Promise<void>;
}

/** Loads the landmark model of a card whose file `<id>.onnx` is in `dir`. Throws what `openSession` throws. */
export async function openLandmarks(
  card: LandmarkCard,
  dir: string,
  options: EngineOptions = {},
): Promise<LandmarkModel> {
  const session = await openSession(join(dir, `${card.id}.onnx`), options);
  const width = card.input.width ?? 112;
  const height = card.input.height ?? 112;
  const points = async (image: RgbImage, box: Box): Promise<Float32Array> => {
    const area = square(box, card.cropScale);
    const part = cutOut(image, area);
    const patch = { mips: halvings(part.image, 6), area: part.area };
    const input = inputTensor([patch], card.input, width, height);
    const results = await session.run({ [defined(session.inputs[0], 'an input').name]: input });
    const output = session.outputs
      .map(({ name }) => results[name])
      .find((tensor) => tensor?.data.length === card.points * card.dimensions);
    if (!output || !(output.data instanceof Float32Array))
      throw error('model/bad-card', {
        path: card.id,
        detail: `points: the network has no output of ${card.points}×${card.dimensions} numbers`,
      });
    return toPhotograph(output.data, card.dimensions, area, width);
  };
  return {
    card,
    points,
    five: async (image, box) => fivePoints(await points(image, box), card.points, card.dimensions),
    close: () => session.close(),
  };
}

/** Points of a network, in fractions or in pixels of its input, in photograph pixels. */
function toPhotograph(raw: Float32Array, dimensions: number, area: Box, side: number): Float32Array {
  // Points within the crop are below 1 in fractions; in pixels the outermost is tens of pixels away from the corner.
  let largest = 0;
  for (let i = 0; i < raw.length; i++) if (i % dimensions < 2) largest = Math.max(largest, raw[i] ?? 0);
  const unit = largest > 4 ? area.width / side : area.width;
  return raw.map((value, i) => {
    const axis = i % dimensions;
    // pixels' centres are at whole numbers, as in `toPixelCentres`
    return value * unit + (axis === 0 ? area.x - 0.5 : axis === 1 ? area.y - 0.5 : 0);
  });
}
