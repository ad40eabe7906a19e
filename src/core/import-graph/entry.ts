import { constant } from '../graph/builder.ts';
import type { Shape, Value } from '../graph/value.ts';

/** Numbers that a graph has before it runs: weights, constants, and shapes and axes that follow from them. */
export interface Known {
  readonly name: string;
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
  /** Whether they are whole numbers, which are divided as such. */
  readonly whole: boolean;
}

/** What follows from the pictures. */
export interface Computed {
  readonly value: Value;
  /** Whether a weight has had a part in it: before the first one, a picture is only being normalised. */
  readonly learnt: boolean;
}

/** What a name of the graph stands for. */
export type Entry = Known | Computed;

export function isKnown(entry: Entry): entry is Known {
  return 'data' in entry;
}

export function asValue(entry: Entry): Value {
  return isKnown(entry) ? constant(entry.data, entry.shape) : entry.value;
}
