import { defined } from '../../core/base/assert.ts';
import type { CompiledTraining } from '../../core/compile/training.ts';
import { sampleClasses } from '../../core/training/class-sample.ts';
import { initialise } from '../../core/training/initialise.ts';

/** Numbers of a step's tensor, by its name. */
type NumbersOf = (name: string) => Float32Array;

/**
 * What the head keeps for every class, in the machine's own memory, where a step takes a sample of the classes: before it
 * their rows are gathered, after it they are put back. Rows that no step takes stay as they are, momentum and decay included.
 */
export interface ClassRows {
  /** All rows of a tensor; null where it is not one of these. */
  read(name: string): Float32Array | null;
  /** Copies the rows of the classes of a step into its tensors; gives the labels as places in the sample. */
  gather(labels: Int32Array, step: number, into: NumbersOf): Int32Array;
  /** Copies a step's tensors into the rows that were gathered last. */
  scatter(from: NumbersOf): void;
}

/** Null where all classes enter every step. */
export function openClassRows(
  { sample, state }: Pick<CompiledTraining, 'sample' | 'state'>,
  seed: number,
): ClassRows | null {
  if (sample === null) return null;
  const wholes = new Map<string, Float32Array>();
  for (const { name, initial, whole } of state)
    if (whole !== undefined) wholes.set(name, initialise({ name, initial, shape: whole }, seed));
  let rows: Int32Array = new Int32Array();
  return {
    read: (name) => wholes.get(name) ?? null,
    gather: (labels, step, into) => {
      const found = sampleClasses({ ...sample, labels, seed, step });
      ({ rows } = found);
      for (const [name, whole] of wholes) gatherRows(whole, rows, whole.length / sample.classes, into(name));
      return found.labels;
    },
    scatter: (from) => {
      for (const [name, whole] of wholes) {
        const [width, numbers] = [whole.length / sample.classes, from(name)];
        for (let i = 0; i < rows.length; i++)
          whole.set(numbers.subarray(i * width, (i + 1) * width), (rows[i] ?? 0) * width);
      }
    },
  };
}

/** Some of the rows [classes, width], one after the other: [rows, width]. */
export function gatherRows(whole: Float32Array, rows: Int32Array, width: number, into: Float32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const row = defined(rows[i], 'a row');
    into.set(whole.subarray(row * width, (row + 1) * width), i * width);
  }
}
