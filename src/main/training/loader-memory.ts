import type { CropTable } from './crops.ts';

/**
 * What the loader and its threads share. There are `slots` batches, used in turn: step s is in slot s mod slots. The
 * loader writes which pictures a step has (`indices`, `epochs`, `places`) and publishes it; threads take its pictures one by
 * one (`taken`), write them (`images`) and count them (`done`). So threads go on by themselves to every published step,
 * while the loader's own thread may be blocked.
 */
export interface LoaderMemory {
  /** [1]: how many steps are published; −1: stop. Threads sleep on it. */
  readonly published: Int32Array;
  /** [slots]: how many pictures threads have asked for; more than there are once a step is given out. */
  readonly taken: Int32Array;
  /** [slots]: how many pictures are written. */
  readonly done: Int32Array;
  /** [slots]: the epoch of the step, and the place of its first picture there. */
  readonly epochs: Int32Array;
  readonly places: Int32Array;
  /** [slots, stepImages] */
  readonly indices: Int32Array;
  readonly labels: Int32Array;
  /** [slots, stepImages, size, size, 3] */
  readonly images: Uint8Array;
}

export const stopped = -1;

export function loaderMemory(slots: number, stepImages: number, size: number): LoaderMemory {
  return {
    published: sharedInts(1),
    taken: sharedInts(slots).fill(stepImages), // nothing to take before it is published
    done: sharedInts(slots),
    epochs: sharedInts(slots),
    places: sharedInts(slots),
    indices: sharedInts(slots * stepImages),
    labels: sharedInts(slots * stepImages),
    images: new Uint8Array(new SharedArrayBuffer(slots * stepImages * size * size * 3)),
  };
}

/** The table where all threads see it, not copied for each. */
export function sharedCrops({ classes, files, offsets, lengths }: CropTable): CropTable {
  const shared = {
    classes: sharedInts(classes.length),
    files: sharedInts(files.length),
    offsets: new Float64Array(new SharedArrayBuffer(offsets.length * 8)),
    lengths: sharedInts(lengths.length),
  };
  shared.classes.set(classes);
  shared.files.set(files);
  shared.offsets.set(offsets);
  shared.lengths.set(lengths);
  return shared;
}

function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4));
}
