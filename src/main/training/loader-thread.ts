import { parentPort, workerData } from 'node:worker_threads';
import { defined } from '../../core/base/assert.ts';
import { type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import { openPackReader } from '../datasets/pack.ts';
import { configureImages } from '../images/setup.ts';
import { augmentationOf } from '../plugins/use.ts';
import type { CropTable } from './crops.ts';
import { type LoaderMemory, stopped } from './loader-memory.ts';
import { type Look, readCrop, renderCrop } from './render-crop.ts';

export interface ThreadSetup {
  readonly memory: LoaderMemory;
  readonly crops: CropTable;
  readonly packsDir: string;
  readonly pluginsDir?: string | undefined;
  readonly look: Look;
  readonly stepImages: number;
  /** How many steps there will be. */
  readonly steps: number;
}

/** What a thread tells: a step's last picture is written, or it cannot go on. */
export type ThreadMessage = { readonly done: number } | { readonly failed: ErrorInfo };

/** So many pictures are read from the disk while one is worked on. */
const readAhead = 4;

/** The program of a loader's thread: makes pictures of published steps until there are no more. */
async function main(setup: ThreadSetup, tell: (message: ThreadMessage) => void): Promise<void> {
  const { memory, crops, look, stepImages, steps } = setup;
  const { published, taken, done, epochs, places, indices, images } = memory;
  const slots = taken.length;
  const pixels = look.size * look.size * 3;
  const own = await augmentationOf(look.augmentation, setup.pluginsDir);
  const reader = openPackReader(setup.packsDir, 'crops');
  let step = 0;

  /** The next picture to make; null where none is published. */
  const take = () => {
    for (; step < Atomics.load(published, 0); step++) {
      const slot = step % slots;
      const picture = Atomics.add(taken, slot, 1);
      if (picture >= stepImages) continue;
      // A thread that was late may have got a later step's picture here: all is read from the slot, so that is as good.
      const index = indices[slot * stepImages + picture] ?? 0;
      const bytes = readCrop(reader, crops, index);
      bytes.catch(() => undefined); // looked at below
      const place = (places[slot] ?? 0) + picture;
      return { slot, picture, index, bytes, at: { epoch: epochs[slot] ?? 0, place } };
    }
    return null;
  };

  const pending: NonNullable<ReturnType<typeof take>>[] = [];
  for (;;) {
    if (Atomics.load(published, 0) === stopped) break;
    while (pending.length < readAhead) {
      const next = take();
      if (next === null) break;
      pending.push(next);
    }
    const item = pending.shift();
    if (item === undefined) {
      if (step === steps) break;
      Atomics.wait(published, 0, step);
      continue;
    }
    const image = await renderCrop(await item.bytes, crops, item.index, look, item.at, own);
    images.set(image.data, (item.slot * stepImages + item.picture) * pixels);
    if (Atomics.add(done, item.slot, 1) + 1 === stepImages) tell({ done: item.slot });
  }
  await Promise.allSettled(pending.map(({ bytes }) => bytes));
  await reader.close();
}

configureImages();
const port = defined(parentPort, 'the port of a thread');
await main(workerData as ThreadSetup, (message) => port.postMessage(message)).catch((thrown: unknown) => {
  port.postMessage({ failed: toErrorInfo(thrown) } satisfies ThreadMessage);
});
