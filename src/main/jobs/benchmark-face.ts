import { error } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { BenchmarkAlignment } from '../../core/contract/benchmarks.ts';
import { iou } from '../../core/faces/boxes.ts';
import { mainFace } from '../../core/faces/main-face.ts';
import { qualityOf } from '../../core/faces/quality.ts';
import type { Box, Points5 } from '../../core/faces/types.ts';
import type { Detector } from '../models/detector.ts';
import type { LandmarkModel } from '../models/landmarks.ts';
import { alignFace, type FaceFound, findFaces } from '../models/pipeline.ts';
import { cropToSave, type FaceToSave } from './align.ts';
import { importedFace } from './imported-face.ts';

/** How faces are found; null where pictures are aligned crops. */
export interface FaceFinder {
  readonly detector: Detector;
  readonly landmarks: LandmarkModel | null;
}

/** What a list says of a picture, in pixels of the whole picture. */
export interface ListedFace {
  readonly key: string;
  readonly box: Box | null;
  readonly points: Points5 | null;
}

/** A face that overlaps a list's box less than this is another one. */
const sameFace = 0.3;

/**
 * The one face of a benchmark's picture, by the first of these that holds:
 * an aligned crop is the face itself; a list's five points are aligned by; of faces that are found, the one that a list's
 * box means; the biggest near the middle (`mainFace`), as LFW has its people.
 * `scale`: pixels of the whole picture per pixel of `image`.
 * Errors: `import/not-square`, `benchmark/no-face`, `face/degenerate-points`.
 */
export async function benchmarkFace(
  image: RgbImage,
  listed: ListedFace,
  options: {
    readonly alignment: BenchmarkAlignment;
    readonly finder: FaceFinder | null;
    readonly scale: number;
    readonly signal: AbortSignal;
  },
): Promise<FaceToSave> {
  const { scale, finder } = options;
  const { key, box, points } = listed;
  if (options.alignment === 'aligned' || finder === null) {
    const { width, height } = image;
    if (width !== height) throw error('import/not-square', { path: key, width, height });
    return await importedFace(image, Math.round(width * scale));
  }
  if (points !== null) return await byPoints(image, points, box, scale);
  const found = await findFaces(image, finder.detector, {
    signal: options.signal,
    ...(finder.landmarks === null ? {} : { landmarks: finder.landmarks }),
  });
  const face = found[box === null ? mainOf(found, image) : overlapping(found, scaleBox(box, 1 / scale))];
  if (face === undefined) throw error('benchmark/no-face', { key });
  const { overall, sharpness, brightness, yaw, pitch, roll } = face.quality;
  return {
    box: scaleBox(face.box, scale),
    score: face.score,
    points: scalePoints(face.points, scale),
    quality: { overall, sharpness, brightness, yaw, pitch, roll },
    ...(await cropToSave(face.crop)),
  };
}

function mainOf(found: readonly FaceFound[], { width, height }: RgbImage): number {
  return mainFace(
    found.map(({ box }) => box),
    width,
    height,
  );
}

/** The face that shares most with the box; −1 where none shares enough. */
function overlapping(found: readonly FaceFound[], box: Box): number {
  const shares = found.map((face) => iou(face.box, box));
  const most = Math.max(0, ...shares);
  return most < sameFace ? -1 : shares.indexOf(most);
}

async function byPoints(
  image: RgbImage,
  points: Points5,
  listed: Box | null,
  scale: number,
): Promise<FaceToSave> {
  const cut = alignFace(image, scalePoints(points, 1 / scale));
  if (cut === null) throw error('face/degenerate-points');
  const box = listed ?? around(points);
  const { overall, sharpness, brightness, yaw, pitch, roll } = qualityOf(cut.crop, box, points);
  const quality = { overall, sharpness, brightness, yaw, pitch, roll };
  return { box, points, score: 1, quality, ...(await cropToSave(cut.crop)) };
}

const scaleBox = (box: Box, by: number): Box => ({
  ...{ x: box.x * by, y: box.y * by, width: box.width * by, height: box.height * by },
});

/** Pixels' centres are at whole numbers. */
const scalePoints = (points: Points5, by: number): number[] =>
  points.map((value) => (value + 0.5) * by - 0.5);

/** The least box that holds the points, with half of its size around it. */
function around(points: Points5): Box {
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return { x: left - width / 2, y: top - height / 2, width: 2 * width, height: 2 * height };
}
