import { Worker } from 'node:worker_threads';
import { assert } from '../../core/base/assert.ts';
import { Cancelled, LineamentError } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import { openSampler, type Sampler } from '../../core/training/sampler.ts';
import { openPackReader } from '../datasets/pack.ts';
import { augmentationOf, epochOrder, type SamplerChoice } from '../plugins/use.ts';
import type { CropTable } from './crops.ts';
import { loaderMemory, sharedCrops, stopped } from './loader-memory.ts';
import type { ThreadMessage, ThreadSetup } from './loader-thread.ts';
import { type Look, readCrop, renderCrop } from './render-crop.ts';

/** What decides the pictures of every step of a run. */
export interface BatchOptions extends Look {
  readonly crops: CropTable;
  readonly packsDir: string;
  /** Where plugins are kept; left out, there are none. */
  readonly pluginsDir?: string | undefined;
  readonly sampler: SamplerChoice;
  /** Pictures of a step of the optimizer: batch·accumulation. */
  readonly stepImages: number;
}

export interface LoaderOptions extends BatchOptions {
  /** The step to begin at; the first of a run is 0. */
  readonly firstStep: number;
  /** How many steps will be asked for at most. */
  readonly steps: number;
  /** Threads. One keeps up with a network on a processor. */
  readonly workers: number;
  /** Batches made in advance. */
  readonly ahead: number;
}

/** The pictures of a step; valid until the next is asked for. */
export interface LoadedBatch {
  readonly step: number;
  /** [stepImages, size, size, 3], 0..255. In memory that is shared with threads. */
  readonly images: Uint8Array;
  /** [stepImages]: classes. */
  readonly labels: Int32Array;
  /** [stepImages]: rows of the table. */
  readonly indices: Int32Array;
  /** Milliseconds that were waited for it. */
  readonly waitedMs: number;
}

/** Gives the batches of a run in order, made by threads in advance. Close it. */
export interface Loader {
  readonly stepsPerEpoch: number;
  /**
   * The next step's. Errors: training/crop-unusable, plugin/failed; after one it gives no more. `Cancelled` where the
   * loader is closed meanwhile.
   */
  next(): Promise<LoadedBatch>;
  close(): Promise<void>;
}

const threadEntry = new URL(
  import.meta.url.endsWith('.ts') ? './loader-thread.ts' : './loader-thread.js',
  import.meta.url,
);

/**
 * Starts making batches. A step blocks the thread of its process for seconds: the threads go on meanwhile to the steps that are
 * published already. Errors: recipe/too-few-images, and those of plugins.
 */
export async function openLoader(options: LoaderOptions): Promise<Loader> {
  const { size, augmentation, seed, stepImages, firstStep, steps } = options;
  assert(options.workers >= 1 && options.ahead >= 1, 'a thread and a batch in advance');
  const sampler = await samplerOf(options);
  const slots = options.ahead + 1; // the one that is being used comes on top
  const memory = loaderMemory(slots, stepImages, size);
  let published = 0;
  let failure: Error | null = null;
  let wake = (): void => {};

  /** Says which pictures the next step has; its slot is free. */
  const publish = (): void => {
    if (published === steps) return;
    const slot = published % slots;
    const { epoch, place, indices } = sampler.step(firstStep + published);
    memory.indices.set(indices, slot * stepImages);
    for (let i = 0; i < stepImages; i++) {
      memory.labels[slot * stepImages + i] = options.crops.classes[indices[i] ?? 0] ?? 0;
    }
    memory.epochs[slot] = epoch;
    memory.places[slot] = place;
    Atomics.store(memory.done, slot, 0);
    Atomics.store(memory.taken, slot, 0);
    Atomics.store(memory.published, 0, ++published);
    Atomics.notify(memory.published, 0);
  };
  for (let i = 0; i < slots; i++) publish();

  const stop = (): void => {
    Atomics.store(memory.published, 0, stopped);
    Atomics.notify(memory.published, 0);
  };
  const fail = (thrown: unknown): void => {
    failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    stop();
    wake();
  };
  const setup: ThreadSetup = {
    memory,
    crops: sharedCrops(options.crops),
    packsDir: options.packsDir,
    pluginsDir: options.pluginsDir,
    look: { size, augmentation, seed },
    stepImages,
    steps,
  };
  const ends = Array.from({ length: options.workers }, () => {
    const thread = new Worker(threadEntry, { workerData: setup });
    thread.on('message', (message: ThreadMessage) => {
      if ('failed' in message) fail(new LineamentError(message.failed));
      else wake();
    });
    thread.on('error', fail);
    return new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  });

  let given = 0;
  let closed = false;
  return {
    stepsPerEpoch: sampler.stepsPerEpoch,
    next: async () => {
      assert(!closed && given < steps, 'the loader is open and has another step');
      if (failure !== null) throw failure;
      try {
        if (given > 0) publish();
      } catch (thrown) {
        fail(thrown); // a user's sampler
        throw thrown;
      }
      const slot = given % slots;
      const start = performance.now();
      while (Atomics.load(memory.done, slot) < stepImages) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (failure !== null) throw failure;
        if (closed) throw new Cancelled();
      }
      const from = slot * stepImages;
      const pixels = size * size * 3;
      return {
        step: firstStep + given++,
        images: memory.images.subarray(from * pixels, (from + stepImages) * pixels),
        labels: memory.labels.subarray(from, from + stepImages),
        indices: memory.indices.subarray(from, from + stepImages),
        waitedMs: performance.now() - start,
      };
    },
    close: async () => {
      closed = true;
      stop();
      wake();
      await Promise.all(ends);
    },
  };
}

async function samplerOf({ sampler, stepImages, crops, seed, pluginsDir }: BatchOptions): Promise<Sampler> {
  const order = await epochOrder(sampler, stepImages, pluginsDir);
  return openSampler(order, { classes: crops.classes, seed, stepImages });
}

export interface RenderedBatch {
  readonly images: readonly RgbImage[];
  readonly labels: readonly number[];
  /** Rows of the table. */
  readonly indices: readonly number[];
}

/** The first pictures of a step as the network saw them, made anew to look at: the loader's, byte for byte. */
export async function renderBatch(
  options: BatchOptions,
  step: number,
  count: number = options.stepImages,
): Promise<RenderedBatch> {
  const { crops } = options;
  const { epoch, place, indices } = (await samplerOf(options)).step(step);
  const shown = [...indices.subarray(0, count)];
  const own = await augmentationOf(options.augmentation, options.pluginsDir);
  const reader = openPackReader(options.packsDir, 'crops');
  try {
    const images: RgbImage[] = [];
    for (const [i, index] of shown.entries()) {
      const bytes = await readCrop(reader, crops, index);
      images.push(await renderCrop(bytes, crops, index, options, { epoch, place: place + i }, own));
    }
    return { images, labels: shown.map((index) => crops.classes[index] ?? 0), indices: shown };
  } finally {
    await reader.close();
  }
}
