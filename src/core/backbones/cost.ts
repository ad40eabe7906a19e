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
  /** Bytes that one more picture of a batch takes in training, without the head. */
  readonly perImage: number;
}

const float = 4;
/**
 * What a step holds for each byte that the network computes forward: kept for the derivatives, and derivatives under
 * way. Measured with bench/training: MobileFaceNet in batches of 32 takes 1.87 GB, IR-50 in batches of 16 takes 2.93 GB;
 * the estimate is 2.15 and 2.76.
 */
const heldPerForward = 1.6;

/** What a backbone costs on pictures of `size` × `size` pixels, counted in the graph that it builds. */
export function costOf(backbone: Backbone, settings: BackboneSettings, size: number): Cost {
  const net = openNet(false);
  const pictures = input('x', [1, 3, size, size]);
  const embedding = backbone.build(net, pictures, settings);
  const order = topological([embedding]);
  return {
    parameters: parameterCount(net),
    multiplyAdds: order.reduce((sum, value) => sum + multiplyAdds(value), 0),
    perImage: heldOf(order, pictures),
  };
}

/**
 * Bytes that a step holds for `order`, of which only what depends on the pictures counts, and, where only some parameters are
 * trained, on one of them.
 */
export function heldOf(
  order: readonly Value[],
  pictures: Value,
  trained: readonly Value[] | null = null,
): number {
  return numbersFrom(order, pictures, trained) * float * heldPerForward;
}

/** How many numbers are computed from pictures, with themselves; or of them those that depend on what is trained. */
export function numbersFrom(
  order: readonly Value[],
  pictures: Value,
  trained: readonly Value[] | null = null,
): number {
  const wanted = trained && dependents(order, trained);
  const counted = [...dependents(order, [pictures])].filter((value) => wanted?.has(value) ?? true);
  return counted.reduce((sum, { shape }) => sum + count(shape), 0);
}

function dependents(order: readonly Value[], sources: readonly Value[]): ReadonlySet<Value> {
  const found = new Set<Value>(sources);
  for (const value of order) if (value.inputs.some((one) => found.has(one))) found.add(value);
  return found;
}

function multiplyAdds(value: Value): number {
  const [a, b] = value.inputs.map(({ shape }) => shape);
  if (isNode(value, convOp)) return count(value.shape) * count((b ?? []).slice(1));
  if (isNode(value, normaliseOp)) return 2 * count(value.shape);
  if (!isNode(value, matmulOp) || !a) return 0;
  return count(value.shape) * side(a, a.length - (value.attributes.transposeA ? 2 : 1));
}
