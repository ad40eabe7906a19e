import { input } from '../graph/builder.ts';
import { isNode } from '../graph/leaves.ts';
import { count, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import { openNet, parameterCount } from '../layers/net.ts';
import { convOp } from '../ops/conv.ts';
import { matmulOp } from '../ops/matmul.ts';
import { normaliseOp } from '../ops/normalise.ts';
import type { Backbone, BackboneSettings } from './backbone.ts';

export interface Cost {
  /** Numbers learnt; the head's class weights are apart. */
  readonly parameters: number;
  /** Of one picture, as FaceX-Zoo counts them: convolutions, matrix products, and two a number for normalisation. */
  readonly multiplyAdds: number;
}

/** What a backbone costs on pictures of `size` × `size` pixels, counted in the graph that it builds. */
export function costOf(backbone: Backbone, settings: BackboneSettings, size: number): Cost {
  const net = openNet(false);
  const embedding = backbone.build(net, input('x', [1, 3, size, size]), settings);
  const products = topological([embedding]).map(multiplyAdds);
  return { parameters: parameterCount(net), multiplyAdds: products.reduce((a, b) => a + b, 0) };
}

function multiplyAdds(value: Value): number {
  const [a, b] = value.inputs.map(({ shape }) => shape);
  if (isNode(value, convOp)) return count(value.shape) * count((b ?? []).slice(1));
  if (isNode(value, normaliseOp)) return 2 * count(value.shape);
  if (!isNode(value, matmulOp) || !a) return 0;
  return count(value.shape) * side(a, a.length - (value.attributes.transposeA ? 2 : 1));
}
