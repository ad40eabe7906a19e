import { assert } from '../../../src/core/base/assert.ts';
import type { Initial } from '../../../src/core/layers/net.ts';

/** The number that running numbers of a network of ours start as. */
export function constantOf(initial: Initial): number {
  assert(initial.kind === 'constant', 'it starts as one number');
  return initial.value;
}
