import { constant, input, scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { linear } from '../layers/linear.ts';
import type { Net } from '../layers/net.ts';
import { unitRows } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { divide } from '../ops/divide.ts';
import { exp } from '../ops/exp.ts';
import { log } from '../ops/log.ts';
import { logSoftmax } from '../ops/log-softmax.ts';
import { matmul } from '../ops/matmul.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceMean, reduceSum } from '../ops/reduce-sum.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { sqrt } from '../ops/sqrt.ts';
import { subtract } from '../ops/subtract.ts';
import { type MapLessons, type Maps, mapParts, type Part, toldMaps } from './distillation-maps.ts';

/** What a teacher tells, and how much each part of it counts; null: not at all. */
export interface Distillation extends MapLessons {
  /** Length of the teacher's embedding. */
  readonly embedding: number;
  readonly softTargets: { readonly weight: number; readonly temperature: number } | null;
  readonly features: { readonly weight: number; readonly of: 'raw' | 'unit' } | null;
  readonly distances: { readonly weight: number } | null;
  readonly angles: { readonly weight: number } | null;
  readonly neighbours: { readonly weight: number } | null;
  readonly similarities: { readonly weight: number } | null;
}

/** What a step is fed with beside pictures, labels and state. */
export interface Given {
  readonly name: string;
  /** The first side is the batch. */
  readonly shape: Shape;
}

export const teacherEmbedding = 'teacher';
export const teacherLogits = 'teacher-logits';
export const teacherMap = (name: string): string => `teacher-map:${name}`;

/** What a teacher has to tell of every batch. */
export function givenOf(
  { embedding, softTargets, ...others }: Distillation,
  batch: number,
  classes: number,
): readonly Given[] {
  const { features, distances, angles, neighbours, similarities } = others;
  const needsEmbedding = [features, distances, angles, neighbours, similarities].some((one) => one !== null);
  return [
    ...(needsEmbedding ? [{ name: teacherEmbedding, shape: [batch, embedding] }] : []),
    ...(softTargets ? [{ name: teacherLogits, shape: [batch, classes] }] : []),
    ...toldMaps(others).map(({ name, channels, side: length }) => ({
      ...{ name: teacherMap(name), shape: [batch, channels, length, length] },
    })),
  ];
}

export interface Taught {
  /** A single number: what is added to the loss. */
  readonly loss: Value;
  /** Its parts, single numbers without their weights. */
  readonly figures: Readonly<Record<string, Value>>;
}

/** What embeddings [n, d], logits [n, classes] and maps on the way lack of the teacher's. */
export function taughtBy(
  net: Net,
  plan: Distillation,
  embeddings: Value,
  logits: Value,
  own: Maps = new Map(),
): Taught {
  const n = side(embeddings.shape, 0);
  const inputs = new Map(
    givenOf(plan, n, side(logits.shape, 1)).map(({ name, shape }) => [name, input(name, shape)]),
  );
  const teacher = inputs.get(teacherEmbedding);
  const theirs = inputs.get(teacherLogits);
  const { softTargets: soft, features, distances, angles, neighbours, similarities } = plan;
  const parts: Part[] = [];
  if (soft && theirs)
    parts.push(['softTargets', soft.weight, softTargetLoss(logits, theirs, soft.temperature)]);
  if (features && teacher) {
    const d = plan.embedding;
    const own =
      side(embeddings.shape, 1) === d
        ? embeddings
        : linear(net, 'adapter', embeddings, { out: d, bias: false });
    parts.push(['features', features.weight, featureLoss(own, teacher, features.of)]);
  }
  if (distances && teacher) parts.push(['distances', distances.weight, distanceLoss(embeddings, teacher)]);
  if (angles && teacher) parts.push(['angles', angles.weight, angleLoss(embeddings, teacher)]);
  if (neighbours && teacher)
    parts.push(['neighbours', neighbours.weight, neighbourLoss(embeddings, teacher)]);
  if (similarities && teacher)
    parts.push(['similarities', similarities.weight, similarityLoss(embeddings, teacher)]);
  const theirMaps = plan.maps.flatMap(({ name }) => {
    const map = inputs.get(teacherMap(name));
    return map ? [[name, map] as const] : [];
  });
  parts.push(...mapParts(net, plan, own, new Map(theirMaps)));
  return {
    loss: parts.map(([, weight, part]) => scale(part, weight)).reduce(add, scalar(0)),
    figures: Object.fromEntries(parts.map(([name, , part]) => [name, part])),
  };
}

/** T²·KL(softmax(t/T) ‖ softmax(s/T)), the mean over the batch (Hinton et al. 2015). */
export function softTargetLoss(logits: Value, teacher: Value, temperature: number): Value {
  const n = side(logits.shape, 0);
  const own = logSoftmax(scale(logits, 1 / temperature));
  const theirs = logSoftmax(scale(teacher, 1 / temperature));
  return scale(reduceSum(multiply(exp(theirs), subtract(theirs, own))), temperature ** 2 / n);
}

/**
 * `raw`: the mean over all numbers of (s − t)² (Romero et al. 2015). `unit`: the mean over the pictures of ‖ŝ − t̂‖² with
 * both at length 1, which is 2 − 2·cos.
 */
export function featureLoss(own: Value, teacher: Value, of: 'raw' | 'unit'): Value {
  if (of === 'raw') return meanSquare(subtract(own, teacher));
  const apart = reduceSumSquare(subtract(unitRows(own), unitRows(teacher)), [1]);
  return reduceMean(apart);
}

/** Huber's loss of the distances between any two pictures, each side's divided by their mean (Park et al. 2019). */
export function distanceLoss(own: Value, teacher: Value): Value {
  const [s, t] = [byTheirMean(own), byTheirMean(teacher)];
  return reduceMean(huber(subtract(s, t)));
}

/** Huber's loss of the cosines of the angles at every picture between any two others (Park et al. 2019). */
export function angleLoss(own: Value, teacher: Value): Value {
  return reduceMean(huber(subtract(angleCosines(own), angleCosines(teacher))));
}

/** Keeps the logarithm and the division away from 0. */
const tiny = 1e-7;

/** Σ t·ln(t/s)/n² of each picture's likeness to the others, (1 + cos)/2 as shares (Passalis and Tefas 2018). */
export function neighbourLoss(own: Value, teacher: Value): Value {
  const [s, t] = [likeness(own), likeness(teacher)];
  const ratio = divide(add(t, scalar(tiny)), add(s, scalar(tiny)));
  return reduceMean(multiply(t, log(ratio)));
}

/** ‖Ĝs − Ĝt‖²/n² of the matrices of inner products, with rows of length 1 (Tung and Mori 2019). */
export function similarityLoss(own: Value, teacher: Value): Value {
  const rows = (x: Value): Value => unitRows(matmul(x, x, { tb: true }));
  return meanSquare(subtract(rows(own), rows(teacher)));
}

function likeness(x: Value): Value {
  const unit = unitRows(x);
  const alike = scale(add(matmul(unit, unit, { tb: true }), scalar(1)), 1 / 2);
  return divide(alike, reduceSum(alike, [1], true));
}

/** About their mean, which distances do not depend on: so that squares are no larger than they must be. */
function centred(x: Value): Value {
  const n = side(x.shape, 0);
  return subtract(x, scale(reduceSum(x, [0], true), 1 / n));
}

/** Inner products of centred rows, and their distances with 0 on the diagonal; [n, n] each. */
function products(x: Value): { readonly gram: Value; readonly squares: Value; readonly distance: Value } {
  const n = side(x.shape, 0);
  const rows = centred(x);
  const gram = matmul(rows, rows, { tb: true });
  const squares = reduceSumSquare(rows, [1], true); // [n, 1]
  const apart = subtract(add(squares, reshape(squares, [1, n])), scale(gram, 2));
  // the root's derivative is infinite at 0
  const distance = multiply(sqrt(clip(apart, 1e-12, Number.POSITIVE_INFINITY)), offDiagonal(n));
  return { gram, squares, distance };
}

function byTheirMean(x: Value): Value {
  const n = side(x.shape, 0);
  const { distance } = products(x);
  return divide(distance, scale(reduceSum(distance), 1 / (n * (n - 1))));
}

/** [n, n, n]: at picture i, between j and k: ⟨xⱼ − xᵢ, xₖ − xᵢ⟩/(dᵢⱼ·dᵢₖ); 0 where j or k is i. */
function angleCosines(x: Value): Value {
  const n = side(x.shape, 0);
  const { gram, squares, distance } = products(x);
  const off = offDiagonal(n);
  const inverse = divide(off, add(distance, subtract(scalar(1), off)));
  const at = (value: Value, shape: Shape): Value => reshape(value, shape);
  const between = add(
    subtract(subtract(at(gram, [1, n, n]), at(gram, [n, n, 1])), at(gram, [n, 1, n])),
    at(squares, [n, 1, 1]),
  );
  return multiply(between, multiply(at(inverse, [n, n, 1]), at(inverse, [n, 1, n])));
}

function offDiagonal(n: number): Value {
  return constant(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 0 : 1)),
    [n, n],
  );
}

/** ½x² where |x| < 1, else |x| − ½. */
function huber(x: Value): Value {
  const near = clip(x, -1, 1);
  return subtract(multiply(near, x), scale(multiply(near, near), 1 / 2));
}

function meanSquare(x: Value): Value {
  return reduceMean(multiply(x, x));
}
