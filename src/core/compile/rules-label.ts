import { isNode, scalarValue } from '../graph/leaves.ts';
import { sameShape, side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { add, addOp } from '../ops/add.ts';
import { addAtLabel, addAtLabelOp, takeAtLabel, takeAtLabelOp } from '../ops/at-label.ts';
import { two } from '../ops/elementwise.ts';
import { expand, expandOp } from '../ops/expand.ts';
import { multiply, multiplyOp, scale } from '../ops/multiply.ts';
import { oneHotOp } from '../ops/one-hot.ts';
import { reduceSum, reduceSumOp } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { subtractOp } from '../ops/subtract.ts';
import type { Outcome, Rule } from './rules.ts';

/**
 * With T [n, classes] the rows of zeros with a single 1 at each picture's label: what is multiplied by T is wanted at the
 * labels only. With many classes every pass over [n, classes] costs; by index it is n numbers.
 */

/** The labels of a T of which every row has its 1, or null. */
function labelsOf(value: Value | undefined): Value | null {
  if (!value || !isNode(value, oneHotOp) || !value.attributes.within) return null;
  return value.inputs[0] ?? null;
}

interface AtLabels {
  readonly labels: Value;
  /** [n, 1] */
  readonly column: Value;
}

/** T·y, as what y is at the labels. */
function atLabels(value: Value | undefined): AtLabels | null {
  if (!value || !isNode(value, multiplyOp)) return null;
  const [a, b] = two(value);
  const [labels, y] = labelsOf(a) ? [labelsOf(a), b] : [labelsOf(b), a];
  return labels && { labels, column: columnOf(y, labels, value.shape) };
}

/** y, which broadcasts to [n, classes], at the labels: [n, 1]. */
function columnOf(y: Value, labels: Value, shape: Shape): Value {
  const column = [side(shape, 0), 1];
  if (isNode(y, expandOp) && y.inputs[0]) {
    const [small] = y.inputs;
    if ((small.shape.at(-1) ?? 1) === 1) return columnOf(small, labels, shape);
  }
  if (sameShape(y.shape, column)) return y;
  if (sameShape(y.shape, shape)) return takeAtLabel(y, labels);
  if (side([1, ...y.shape].slice(-1), 0) === 1) return expand(y, column); // one number for all
  return takeAtLabel(expand(y, shape), labels);
}

const sumAtLabels: Rule = {
  name: 'Σ x·T = x at the labels',
  apply(value) {
    if (!isNode(value, reduceSumOp)) return undefined;
    const found = atLabels(value.inputs[0]);
    if (!found) return undefined;
    const { axes } = value.attributes;
    if (!axes.includes(1)) return { refused: 'a sum over the pictures alone has other labels in every row' };
    const kept = axes.includes(0) ? reduceSum(found.column) : found.column;
    return reshape(kept, value.shape);
  },
};

const plusAtLabels: Rule = {
  name: 'x + y·T = x with y added at the labels, and x − y·T, and y·T − x·c = x·(−c) with y added',
  apply(value) {
    const [minus, plus] = [isNode(value, subtractOp), isNode(value, addOp)];
    if (!minus && !plus) return undefined;
    const [a, b] = two(value);
    const [left, right] = [atLabels(a), atLabels(b)];
    if (right && sameShape(a.shape, value.shape))
      return addAtLabel(a, right.labels, minus ? scale(right.column, -1) : right.column);
    if (!left) return undefined;
    if (!sameShape(b.shape, value.shape)) return { refused: 'the other operand is smaller than the result' };
    return addAtLabel(minus ? negative(b) : b, left.labels, left.column);
  },
};

/** −x; of a product, by its smaller factor. */
function negative(x: Value): Value {
  if (!isNode(x, multiplyOp)) return scale(x, -1);
  const [a, b] = two(x);
  return sameShape(b.shape, x.shape) ? multiply(scale(a, -1), b) : multiply(a, scale(b, -1));
}

const butAtLabels: Rule = {
  name: 'x·(1 − T) = x with what is at the labels taken away',
  apply(value) {
    if (!isNode(value, multiplyOp)) return undefined;
    const [a, b] = two(value);
    const [x, labels] = othersOf(b) ? [a, othersOf(b)] : [b, othersOf(a)];
    if (!labels) return undefined;
    if (!sameShape(x.shape, value.shape)) return { refused: 'the other operand is smaller than the result' };
    return addAtLabel(x, labels, scale(takeAtLabel(x, labels), -1));
  },
};

/** The labels of 1 − T, or null. */
function othersOf(value: Value): Value | null {
  if (!isNode(value, subtractOp)) return null;
  const [one, target] = two(value);
  return scalarValue(one) === 1 ? labelsOf(target) : null;
}

const addedTwice: Rule = {
  name: 'x with y and then z added at the labels = x with y + z added',
  apply(value) {
    const [inner, labels, z] = value.inputs;
    if (!isNode(value, addAtLabelOp) || !inner || !labels || !z) return undefined;
    const [x, same, y] = inner.inputs;
    if (!isNode(inner, addAtLabelOp) || !x || !y || same !== labels) return undefined;
    return addAtLabel(x, labels, add(y, z));
  },
};

const takenOfAdded: Rule = {
  name: 'x with y added at the labels, at the labels = x at the labels, + y',
  apply(value) {
    const [inner, labels] = value.inputs;
    if (!isNode(value, takeAtLabelOp) || !inner || !isNode(inner, addAtLabelOp)) return undefined;
    const [x, same, y] = inner.inputs;
    return x && y && labels && same === labels ? add(takeAtLabel(x, labels), y) : undefined;
  },
};

const scaledAtLabels: Rule = {
  name: '(x·c with y added at the labels)·a = x·(c·a) with y·a added, for a number a',
  apply(value): Outcome {
    if (!isNode(value, multiplyOp)) return undefined;
    const [inner, factor] = two(value);
    const a = scalarValue(factor);
    if (!isNode(inner, addAtLabelOp) || a === null) return undefined;
    const [x, labels, y] = inner.inputs;
    if (!x || !labels || !y || !isNode(x, multiplyOp)) return { refused: 'nothing takes the factor' };
    const [b, c] = two(x);
    if (sameShape(c.shape, x.shape) || !sameShape(b.shape, x.shape)) return { refused: 'no small factor' };
    return addAtLabel(multiply(b, scale(c, a)), labels, scale(y, a));
  },
};

export const labelRules: readonly Rule[] = [
  ...[sumAtLabels, butAtLabels, plusAtLabels, addedTwice, takenOfAdded, scaledAtLabels],
];
