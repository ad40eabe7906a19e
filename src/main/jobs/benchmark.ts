import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Cancelled, type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { BenchmarkAlignment } from '../../core/contract/benchmarks.ts';
import type { DetectorCard, LandmarkCard } from '../../core/contract/model-card.ts';
import { openBenchmark } from '../benchmarks/open.ts';
import type { OpenedBenchmark } from '../benchmarks/reading.ts';
import type { Provider } from '../engine/providers.ts';
import { decodeOpened } from '../images/decode.ts';
import { mapConcurrent } from '../images/map-concurrent.ts';
import { openPicture } from '../images/pipeline.ts';
import { configureImages } from '../images/setup.ts';
import { openDetector } from '../models/detector.ts';
import { openLandmarks } from '../models/landmarks.ts';
import { alignSide, type FaceToSave, type ModelPlace } from './align.ts';
import { benchmarkFace, type FaceFinder, type ListedFace } from './benchmark-face.ts';
import { type BenchmarkListHost, sendList } from './benchmark-list.ts';
import { importedSide } from './imported-face.ts';
import type { Job, JobContext } from './job.ts';

/** Where a benchmark is read from, and what it is taken for. */
export interface BenchmarkSource {
  readonly path: string;
  /** Where the pictures are, if not beside the list. */
  readonly images: string | null;
  readonly format: string;
}

export interface BenchmarkSetup {
  readonly source: BenchmarkSource;
  readonly alignment: BenchmarkAlignment;
  /** Null where pictures are aligned crops. */
  readonly detector: ModelPlace<DetectorCard> | null;
  readonly landmarks: ModelPlace<LandmarkCard> | null;
  /** Keep the bytes of files too: they are gone after the import. */
  readonly copy: boolean;
  /** Send the list first; for a process that is alone. */
  readonly list: boolean;
  readonly threads: number;
  readonly provider: Provider;
}

/** A picture to look at. */
export interface ImageToSee extends ListedFace {
  readonly position: number;
}

/** What was made of a picture: its face, or what is wrong with it. */
export interface SeenPicture {
  readonly position: number;
  /** SHA-256 of its bytes; null where they can't be read. */
  readonly hash: string | null;
  /** The file that it is; null where it is a part of something, or goes away. */
  readonly path: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** The bytes, where they are to be kept. */
  readonly original: Uint8Array | null;
  readonly face: FaceToSave | null;
  readonly problem: ErrorInfo | null;
}

/** Work comes in numbered chunks, which the application saves in order of their numbers. */
export interface BenchmarkHost extends BenchmarkListHost {
  next(nothing: null): Promise<{ readonly chunk: number; readonly images: readonly ImageToSee[] } | null>;
  save(result: { readonly chunk: number; readonly images: readonly SeenPicture[] }): Promise<void>;
}

async function look(
  image: ImageToSee,
  opened: OpenedBenchmark,
  setup: BenchmarkSetup,
  finder: FaceFinder | null,
  context: JobContext,
): Promise<SeenPicture> {
  const { position, key } = image;
  const { alignment, copy } = setup;
  const place = opened.place(key);
  const path = copy ? null : place;
  const nothing = { position, path, hash: null, width: null, height: null, original: null, face: null };
  let known: Pick<SeenPicture, 'hash' | 'width' | 'height'> = nothing;
  try {
    const bytes = await opened.open(key);
    known = { ...known, hash: hash('sha256', bytes) };
    const picture = await openPicture(bytes, { name: key });
    const { width, height } = picture.probe;
    known = { ...known, width, height };
    const aligned = alignment === 'aligned';
    const pixels = await decodeOpened(picture, aligned ? importedSide : alignSide);
    const scale = Math.max(width, height) / Math.max(pixels.width, pixels.height);
    const face = await benchmarkFace(pixels, image, { alignment, finder, scale, signal: context.signal });
    // An aligned crop that was no file of its own is its own original.
    const original = path === null && (!aligned || place !== null) ? bytes : null;
    return { ...nothing, ...known, original, face, problem: null };
  } catch (thrown) {
    if (thrown instanceof Cancelled) throw thrown;
    return { ...nothing, ...known, problem: toErrorInfo(thrown) };
  }
}

/** Makes crops of a benchmark's pictures. Summary: `pictures`, `problems` of this process. */
export const benchmarkJob: Job<BenchmarkSetup, BenchmarkHost> = async (setup, host, context) => {
  configureImages();
  const { detector, landmarks, threads, provider, source } = setup;
  const opened = await openBenchmark(source.path, source.format, {
    images: source.images,
    signal: context.signal,
  });
  const closers: (() => Promise<void>)[] = [() => opened.close()];
  let pictures = 0;
  let problems = 0;
  try {
    if (setup.list) await sendList(opened.list, host);
    let finder: FaceFinder | null = null;
    if (setup.alignment === 'detect' && detector !== null) {
      const found = await openDetector(detector.card, detector.dir, { threads, provider });
      closers.push(() => found.close());
      const points =
        landmarks === null ? null : await openLandmarks(landmarks.card, landmarks.dir, { threads, provider });
      if (points !== null) closers.push(() => points.close());
      finder = { detector: found, landmarks: points };
    }
    const ahead = finder === null ? availableParallelism() : 2; // one decodes while the other is looked at
    for (let work = await host.next(null); work !== null; work = await host.next(null)) {
      const seen: SeenPicture[] = [];
      const looked = mapConcurrent(
        work.images,
        ahead,
        (image) => look(image, opened, setup, finder, context),
        context.signal,
      );
      for await (const picture of looked) {
        pictures++;
        if (picture.problem !== null) problems++;
        seen.push(picture);
      }
      await host.save({ chunk: work.chunk, images: seen });
    }
  } finally {
    for (const close of closers.reverse()) await close();
  }
  return { pictures, problems };
};
