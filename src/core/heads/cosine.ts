import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Net, parameter } from '../layers/net.ts';
import { unitRows } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { matmul } from '../ops/matmul.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { subtract } from '../ops/subtract.ts';
import { type HeadValues, mostProbes } from './head.ts';

/** What the heads by cosine have in common. */

/** Class weights [classes, d], Xavier's uniform as in face.evoLVe. */
export function classWeights(net: Net, embeddings: Value, target: Value): Value {
  const [classes, d] = [side(target.shape, 1), side(embeddings.shape, 1)];
  return parameter(net, 'classes.weight', [classes, d], { kind: 'xavier', fanIn: d, fanOut: classes });
}

/** Cosines [n, classes] between embeddings and class weights, within [−1, 1] also after rounding. */
export function cosines(net: Net, embeddings: Value, target: Value): Value {
  const weights = unitRows(classWeights(net, embeddings, target));
  return clip(matmul(unitRows(embeddings), weights, { tb: true }), -1, 1);
}

/** Logits by what the target's cosine becomes, by its value [n, 1]; the rest stays, and all is scaled. */
export function withMargin(
  cosine: Value,
  target: Value,
  factor: number,
  margin: (c: Value) => Value,
): HeadValues {
  const own = reduceSum(multiply(cosine, target), [1], true); // [n, 1]
  return {
    // cosine + target·(margin(own) − own), so that only a column of numbers goes through the margin
    logits: scale(add(cosine, multiply(target, subtract(margin(own), own))), factor),
    cosines: reshape(own, [side(own.shape, 0)]),
    probes: firstColumns(cosine),
  };
}

/** [n, classes] → [n, probes]. */
function firstColumns(cosine: Value): Value {
  const [n, classes] = [side(cosine.shape, 0), side(cosine.shape, 1)];
  return slice(cosine, [0, 0], [n, Math.min(classes, mostProbes)]);
}
