import { isNode } from '../graph/leaves.ts';
import { sameShape, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { addOp } from '../ops/add.ts';
import { concat } from '../ops/concat.ts';
import { at } from '../ops/elementwise.ts';
import { type PadAttributes, pad, padOp } from '../ops/pad.ts';
import type { Rule } from './rules.ts';

/** The derivatives of a value that was cut in pieces are padded and summed: three passes for what is one. */
export const padsOfPieces: Rule = {
  name: 'pad(a) + pad(b) = pad(concat(a, b)) where b begins where a ends',
  apply(value) {
    if (!isNode(value, addOp)) return undefined;
    const [first, second] = [at(value, 0), at(value, 1)];
    if (!isNode(first, padOp) || !isNode(second, padOp)) return undefined;
    if (first.attributes.value !== 0 || second.attributes.value !== 0)
      return { refused: 'not padded by zeros' };
    if (!sameShape(first.shape, second.shape)) return { refused: 'they are not as large' };
    const [one, other] = [axisOf(first), axisOf(second)];
    if (one === null || one !== other) return { refused: 'padded along different axes' };
    const joined = beside(first, second, one) ?? beside(second, first, one);
    return joined ?? { refused: 'one does not begin where the other ends' };
  },
};

/** The only axis that is padded, or null. */
function axisOf({ attributes: { before, after } }: Value<PadAttributes>): number | null {
  const padded = before.flatMap((n, axis) => (n > 0 || side(after, axis) > 0 ? [axis] : []));
  return padded.length === 1 ? (padded[0] ?? null) : null;
}

function beside(left: Value<PadAttributes>, right: Value<PadAttributes>, axis: number): Value | null {
  const [a, b] = [at(left, 0), at(right, 0)];
  const [begin, middle] = [side(left.attributes.before, axis), side(right.attributes.before, axis)];
  if (begin + side(a.shape, axis) !== middle) return null;
  return pad(concat([a, b], axis), left.attributes.before, right.attributes.after);
}
