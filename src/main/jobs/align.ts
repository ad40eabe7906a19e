import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { Cancelled, type ErrorInfo, error, toErrorInfo } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { DetectorCard, LandmarkCard } from '../../core/contract/model-card.ts';
import type { Box, Solver } from '../../core/faces/types.ts';
import { openPackReader, type PackLocation, type PackReader } from '../datasets/pack.ts';
import type { Provider } from '../engine/providers.ts';
import { decodeImage } from '../images/decode.ts';
import { encodeCrop } from '../images/encode.ts';
import { mapConcurrent } from '../images/map-concurrent.ts';
import { configureImages } from '../images/setup.ts';
import { type Detector, openDetector } from '../models/detector.ts';
import { type LandmarkModel, openLandmarks } from '../models/landmarks.ts';
import { type FaceFound, findFaces } from '../models/pipeline.ts';
import type { Job, JobContext } from './job.ts';

/** A model's card and the folder that its files are in. */
export interface ModelPlace<Card> {
  readonly card: Card;
  readonly dir: string;
}

export interface AlignSetup {
  readonly detector: ModelPlace<DetectorCard>;
  /** Gives five points where the detector does not. */
  readonly landmarks: ModelPlace<LandmarkCard> | null;
  readonly solver: Solver;
  readonly minFace: number | null;
  readonly threads: number;
  readonly provider: Provider;
  readonly packsDir: string;
}

/** A photograph to look at: its file, or its place among the copies of originals. */
export interface PhotoToAlign {
  readonly id: number;
  readonly key: string;
  readonly path: string | null;
  readonly place: PackLocation | null;
  /** Size and time of change (milliseconds since 1970) of the file when it was imported. */
  readonly bytes: number;
  readonly modified: number;
  readonly width: number;
  readonly height: number;
}

/** A face with its crop as PNG. */
export interface FaceToSave {
  readonly box: Box;
  readonly score: number;
  readonly points: readonly number[];
  readonly quality: {
    readonly overall: number;
    readonly sharpness: number;
    readonly brightness: number;
    readonly yaw: number;
    readonly pitch: number;
    readonly roll: number;
  };
  readonly cropSize: number;
  readonly crop: Uint8Array;
  /** SHA-256 of the PNG. */
  readonly cropHash: string;
}

/** A crop as it is saved. */
export async function cropToSave(
  image: RgbImage,
): Promise<Pick<FaceToSave, 'cropSize' | 'crop' | 'cropHash'>> {
  const crop = await encodeCrop(image);
  return { cropSize: image.width, crop, cropHash: hash('sha256', crop) };
}

export interface AlignedPhoto {
  readonly id: number;
  readonly faces: readonly FaceToSave[];
  readonly problem: ErrorInfo | null;
}

/** Work comes in numbered chunks, which the application saves in order of their numbers. */
export interface AlignHost {
  next(nothing: null): Promise<{ readonly chunk: number; readonly photos: readonly PhotoToAlign[] } | null>;
  save(result: { readonly chunk: number; readonly photos: readonly AlignedPhoto[] }): Promise<void>;
}

/** Photographs are decoded at most this long: faces are found and cut out of these pixels. */
export const alignSide = 4096;
const decodeAhead = 4;

type Decoded = { readonly photo: PhotoToAlign } & (
  | { readonly image: Awaited<ReturnType<typeof decodeImage>> }
  | { readonly problem: ErrorInfo }
);

/** Faces of another content would be filed under this one's hash. Errors: `photo/gone`, `photo/changed`. */
async function checkFile(path: string, photo: PhotoToAlign): Promise<void> {
  const found = await stat(path).catch((thrown: unknown) => {
    throw error('photo/gone', { path }, thrown);
  });
  if (found.size !== photo.bytes || Math.round(found.mtimeMs) !== photo.modified)
    throw error('photo/changed', { path });
}

async function decode(photo: PhotoToAlign, originals: PackReader): Promise<Decoded> {
  try {
    if (photo.place === null && photo.path !== null) await checkFile(photo.path, photo);
    const input = photo.place === null ? (photo.path ?? '') : await originals.read(photo.place);
    return { photo, image: await decodeImage(input, { maxSide: alignSide, name: photo.key }) };
  } catch (thrown) {
    if (thrown instanceof Cancelled) throw thrown;
    return { photo, problem: toErrorInfo(thrown) };
  }
}

async function alignPhoto(
  decoded: Decoded,
  setup: AlignSetup,
  models: { readonly detector: Detector; readonly landmarks: LandmarkModel | null },
  context: JobContext,
): Promise<AlignedPhoto> {
  const { photo } = decoded;
  if ('problem' in decoded) return { id: photo.id, faces: [], problem: decoded.problem };
  const { image } = decoded;
  // photograph pixels per decoded pixel
  const scale = Math.max(photo.width, photo.height) / Math.max(image.width, image.height);
  try {
    const found = await findFaces(image, models.detector, {
      solver: setup.solver,
      signal: context.signal,
      ...(setup.minFace === null ? {} : { minFace: setup.minFace / scale }),
      ...(models.landmarks === null ? {} : { landmarks: models.landmarks }),
    });
    const encode = async ({ box, score, points, quality, crop }: FaceFound): Promise<FaceToSave> => {
      const { overall, sharpness, brightness, yaw, pitch, roll } = quality;
      return {
        box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
        score,
        // pixels' centres are at whole numbers
        points: points.map((value) => (value + 0.5) * scale - 0.5),
        quality: { overall, sharpness, brightness, yaw, pitch, roll },
        ...(await cropToSave(crop)),
      };
    };
    return { id: photo.id, faces: await Promise.all(found.map(encode)), problem: null };
  } catch (thrown) {
    if (thrown instanceof Cancelled) throw thrown;
    context.log(`${photo.key}: ${toErrorInfo(thrown).message}`);
    return { id: photo.id, faces: [], problem: toErrorInfo(thrown) };
  }
}

/** Finds the faces in photographs and cuts out their aligned crops. Summary: `photos`, `faces` of this process. */
export const alignJob: Job<AlignSetup, AlignHost> = async (setup, host, context) => {
  configureImages();
  const engine = { threads: setup.threads, provider: setup.provider };
  const detector = await openDetector(setup.detector.card, setup.detector.dir, engine);
  const landmarks =
    setup.landmarks === null ? null : await openLandmarks(setup.landmarks.card, setup.landmarks.dir, engine);
  const originals = openPackReader(setup.packsDir, 'originals');
  let photos = 0;
  let faces = 0;
  try {
    for (let work = await host.next(null); work !== null; work = await host.next(null)) {
      const done: AlignedPhoto[] = [];
      const decoded = mapConcurrent(
        work.photos,
        decodeAhead,
        (photo) => decode(photo, originals),
        context.signal,
      );
      for await (const picture of decoded) {
        const aligned = await alignPhoto(picture, setup, { detector, landmarks }, context);
        photos++;
        faces += aligned.faces.length;
        done.push(aligned);
      }
      await host.save({ chunk: work.chunk, photos: done });
    }
  } finally {
    await originals.close();
    await landmarks?.close();
    await detector.close();
  }
  return { photos, faces };
};
