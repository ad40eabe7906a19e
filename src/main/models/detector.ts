import { join } from 'node:path';
import { assert, defined } from '../../core/base/assert.ts';
import { Cancelled, error } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { DetectorCard } from '../../core/contract/model-card.ts';
import { mapDetection, suppress, toPixelCentres } from '../../core/faces/boxes.ts';
import { decoders } from '../../core/faces/detect/index.ts';
import { halvings } from '../../core/faces/resample.ts';
import type { Detection } from '../../core/faces/types.ts';
import { type EngineOptions, openSession, type Session } from '../engine/session.ts';
import { detectMtcnn, type MtcnnSessions } from './mtcnn.ts';
import { inputTensor, letterbox } from './preprocess.ts';

export interface DetectOptions {
  /** Shorter side of the smallest face to look for, in photograph pixels. Unset: 20, up to 40 in big photographs. */
  readonly minFace?: number;
  /** Least confidence, 0..1; the card's unless told otherwise. */
  readonly scoreThreshold?: number;
  readonly signal?: AbortSignal;
}

/** A face detector that is ready to run. It computes on the calling thread. */
export interface Detector {
  readonly card: DetectorCard;
  /** The faces of a photograph in its pixels, best first. Throws `Cancelled` when the signal is aborted. */
  detect(image: RgbImage, options?: DetectOptions): Promise<Detection[]>;
  close(): Promise<void>;
}

/** Loads the detector of a card whose files are in `dir`. Throws what `openSession` throws. */
export async function openDetector(
  card: DetectorCard,
  dir: string,
  options: EngineOptions = {},
): Promise<Detector> {
  const sessions: Session[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
  };
  try {
    for (const { file } of card.files) sessions.push(await openSession(join(dir, file), options));
    const detect = card.layout === 'mtcnn' ? cascade(card, sessions) : single(card, card.layout, sessions);
    return {
      card,
      close,
      detect: async (image, detectOptions = {}) =>
        (await detect(image, detectOptions)).map((face) =>
          face.points === null ? face : { ...face, points: toPixelCentres(face.points) },
        ),
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

type Detect = (image: RgbImage, options: DetectOptions) => Promise<Detection[]>;

function cascade(card: DetectorCard, sessions: readonly Session[]): Detect {
  const [proposal, refine, output] = sessions;
  if (!proposal || !refine || !output || sessions.length !== 3)
    throw error('model/bad-card', { path: card.id, detail: 'MTCNN has three files: P-Net, R-Net and O-Net' });
  const three: MtcnnSessions = { proposal, refine, output };
  return (image, options) => detectMtcnn(three, card, image, options);
}

/** A network that takes any size sees photographs of up to this many pixels a side … */
const maxSide = 1600;
/** … and bigger ones than `twice` once more at `small` pixels, for faces that fill much of the picture. */
const twice = 640;
const small = 320;

function single(card: DetectorCard, layout: keyof typeof decoders, sessions: readonly Session[]): Detect {
  const session = defined(sessions[0], 'a network');
  const decode = decoders[layout];
  return async (image, options) => {
    const threshold = options.scoreThreshold ?? card.scoreThreshold;
    const mips = halvings(image, 8);
    const fixed = card.input.width !== null && card.input.height !== null;
    const sides = !fixed && Math.max(image.width, image.height) > twice ? [maxSide, small] : [maxSide];
    const found: Detection[] = [];
    for (const side of sides) {
      if (options.signal?.aborted) throw new Cancelled();
      const { width, height, scale, area } = letterbox(image, card.input, side);
      const input = inputTensor([{ mips, area }], card.input, width, height);
      const results = await session.run({ [defined(session.inputs[0], 'an input').name]: input });
      const outputs = session.outputs.flatMap(({ name }) => {
        const tensor = defined(results[name], name);
        assert(tensor.data instanceof Float32Array, `${name} holds float32`);
        return [{ shape: tensor.shape, data: tensor.data }];
      });
      const raw = decode(outputs, { width, height }, threshold);
      found.push(...raw.map((detection) => mapDetection(detection, 1 / scale)));
    }
    const { minFace = 0 } = options;
    return suppress(found, card.nmsThreshold).filter(
      ({ box }) => Math.min(box.width, box.height) >= minFace && reaches(box, image),
    );
  };
}

/** Whether some of the box lies in the picture; padding sometimes looks like a face. */
function reaches(box: Detection['box'], image: RgbImage): boolean {
  const middleX = box.x + box.width / 2;
  const middleY = box.y + box.height / 2;
  return middleX >= 0 && middleY >= 0 && middleX <= image.width && middleY <= image.height;
}
