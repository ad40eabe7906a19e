import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Initial, type Net, parameter } from '../layers/net.ts';
import { unitRows } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { divide } from '../ops/divide.ts';
import { matmul } from '../ops/matmul.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { subtract } from '../ops/subtract.ts';
import { type HeadSettings, type HeadValues, mostProbes } from './head.ts';
import { lengthsOf } from './lengths.ts';

/** What the heads by cosine have in common. */

/** Class weights [rows, d]; there are as many rows as classes, or a multiple. */
export function classWeights(
  net: Net,
  embeddings: Value,
  rows: number,
  start: HeadSettings['start'] = 'xavier',
): Value {
  const d = side(embeddings.shape, 1);
  const initial: Readonly<Record<typeof start, Initial>> = {
    xavier: { kind: 'xavier', fanIn: d, fanOut: rows },
    unit: { kind: 'normal', deviation: 1 / Math.sqrt(d) },
    small: { kind: 'normal', deviation: 0.01 },
  };
  return parameter(net, 'classes.weight', [rows, d], initial[start]);
}

/** Cosines [n, classes] between embeddings and class weights, within [−1, 1] also after rounding. */
export function cosines(net: Net, embeddings: Value, target: Value, start?: HeadSettings['start']): Value {
  return cosinesTo(embeddings, classWeights(net, embeddings, side(target.shape, 1), start));
}

/**
 * Cosines [n, rows] between rows [n, d] and many rows w [rows, d], within [−1, 1] also after rounding. The product's columns
 * are divided by the lengths of w, which has more rows than a batch has pictures: all of w is only read, and its
 * derivative is a product and one pass.
 */
export function cosinesTo(x: Value, w: Value): Value {
  const length = reshape(lengthsOf(w), [1, side(w.shape, 0)]);
  const product = matmul(unitRows(x), w, { tb: true });
  return clip(multiply(product, divide(scalar(1), length)), -1, 1, { passes: true });
}

/** [n, 1]: what [n, classes] has at the own class. */
export function ownOf(values: Value, target: Value): Value {
  return reduceSum(multiply(values, target), [1], true);
}

/** What is looked at, by cosines [n, classes]. */
export function looksAt(cosine: Value, own: Value): Pick<HeadValues, 'cosines' | 'probes'> {
  const [n, classes] = [side(cosine.shape, 0), side(cosine.shape, 1)];
  return {
    cosines: reshape(own, [n]),
    probes: slice(cosine, [0, 0], [n, Math.min(classes, mostProbes)]),
  };
}

/** Logits by what the target's cosine becomes, by its value [n, 1]; the rest stays, and all is scaled. */
export function withMargin(
  cosine: Value,
  target: Value,
  factor: number | Value,
  margin: (c: Value) => Value,
): HeadValues {
  const own = ownOf(cosine, target);
  // cosine + target·(margin(own) − own), so that only a column of numbers goes through the margin
  const moved = add(cosine, multiply(target, subtract(margin(own), own)));
  return { logits: scaled(moved, factor), ...looksAt(cosine, own) };
}

/** `others` [n, classes] with `own` [n, 1] at each picture's label. */
export function placed(others: Value, target: Value, own: Value): Value {
  return add(multiply(others, subtract(scalar(1), target)), multiply(target, own));
}

function scaled(values: Value, factor: number | Value): Value {
  return typeof factor === 'number' ? scale(values, factor) : multiply(values, factor);
}
