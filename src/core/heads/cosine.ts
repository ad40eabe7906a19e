import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Net, parameter } from '../layers/net.ts';
import { unitRows } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { matmul } from '../ops/matmul.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { subtract } from '../ops/subtract.ts';

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

/** What the target's cosine becomes, by its value [n, 1]; the rest stays, and all is scaled. */
export function withMargin(cosine: Value, target: Value, factor: number, margin: (c: Value) => Value): Value {
  const own = reduceSum(multiply(cosine, target), [1], true); // [n, 1]
  // cosine + target·(margin(own) − own), so that only a column of numbers goes through the margin
  return scale(add(cosine, multiply(target, subtract(margin(own), own))), factor);
}
