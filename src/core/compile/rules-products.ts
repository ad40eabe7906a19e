import { isNode } from '../graph/leaves.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { two } from '../ops/elementwise.ts';
import { matmul, matmulOp } from '../ops/matmul.ts';
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import type { Outcome } from './rules.ts';

/** Sums of so many terms are taken in one go, whatever the columns. */
const oneGo = 128;
/** Below so many columns a thread's share may be so narrow that onnxruntime takes sums in other portions. */
const narrow = 1024;

/**
 * A·B = (Bᵀ·Aᵀ)ᵀ. onnxruntime shares the longer side among threads, and the number of columns that a thread has decides
 * in which portions long sums are taken: with few columns, and fewer rows, the bits would depend on the number of
 * threads. With the rows shared they do not.
 */
export function sharedByRows(value: Value): Outcome {
  if (!isNode(value, matmulOp) || value.shape.length !== 2) return undefined;
  const [a, b] = two(value);
  const { transposeA, transposeB } = value.attributes;
  const [rows, columns] = [side(value.shape, 0), side(value.shape, 1)];
  const terms = side(a.shape, transposeA ? 0 : 1);
  if (a.shape.length > 2 || b.shape.length > 2 || rows >= columns || columns >= narrow || terms <= oneGo)
    return { refused: 'the rows are shared already, or no thread has few columns, or sums are short' };
  const exchanged = matmul(b, a, { ta: !transposeB, tb: !transposeA });
  // with three axes: onnxruntime would put a product and the transposition of a matrix back into one product
  return reshape(transpose(reshape(exchanged, [1, columns, rows]), [0, 2, 1]), [rows, columns]);
}
