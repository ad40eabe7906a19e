import type { Backbone, BackboneSettings } from '../backbones/backbone.ts';
import { type StageMap, stageMaps } from '../backbones/maps.ts';
import { assert } from '../base/assert.ts';
import { input, scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Distillation, type Given, givenOf, taughtBy } from '../heads/distillation.ts';
import type { Head, HeadSettings } from '../heads/head.ts';
import { type LossSettings, lossOf, ranksOf } from '../heads/loss.ts';
import { type Frozen, type Net, openNet } from '../layers/net.ts';
import { add } from '../ops/add.ts';
import { cast } from '../ops/cast.ts';
import { concat } from '../ops/concat.ts';
import { flip } from '../ops/flip.ts';
import { scale } from '../ops/multiply.ts';
import { oneHot } from '../ops/one-hot.ts';
import { full, half } from '../ops/precision.ts';
import { reduceSumSquare } from '../ops/reduce-sum-square.ts';
import { reshape } from '../ops/reshape.ts';
import { sqrt } from '../ops/sqrt.ts';
import { subtract } from '../ops/subtract.ts';
import { transpose } from '../ops/transpose.ts';
import type { LossScaling } from './loss-scale.ts';

/** How pixels become numbers: (pixel − mean)/deviation, in this order of the colours. */
export interface Pixels {
  readonly mean: number;
  readonly deviation: number;
  readonly order: 'rgb' | 'bgr';
}

export interface NetworkPlan {
  readonly backbone: Backbone;
  readonly settings: BackboneSettings;
  /** Sides of the square crops. */
  readonly size: number;
  readonly pixels: Pixels;
}

export interface LossPlan extends NetworkPlan {
  readonly head: Head;
  readonly headSettings: HeadSettings;
  readonly classes: number;
  /** How many of the classes enter a step, as a sample of them (Partial FC); all where left out. */
  readonly sampled?: number | undefined;
  readonly batch: number;
  readonly loss: LossSettings;
  /** What is not trained; nothing where left out. */
  readonly frozen?: Frozen | undefined;
  /** What is learnt from a teacher; nothing where left out. */
  readonly distillation?: Distillation | undefined;
  /** Mixed precision, with how the loss is scaled for it; null or left out: single precision. */
  readonly mixed?: LossScaling | null | undefined;
}

/** What a step tells of every picture of its batch [n, ..]; nothing of it is differentiated. */
export interface Looks {
  /** [n]: how many classes have a larger logit than the label's; 0 is recognised. */
  readonly ranks: Value;
  /** [n]: lengths of the embeddings. */
  readonly norms: Value;
  /** [n]: cosines to the own class, without a margin. */
  readonly cosines: Value;
  /** [n, min(classes, 64)]: cosines to the first classes. */
  readonly probes: Value;
  /** The same shape: 1 where a probe is of somebody else, 0 at the own class. */
  readonly others: Value;
}

export interface BuiltLoss {
  readonly net: Net;
  /** Names of the parameters before the head. */
  readonly ofBackbone: ReadonlySet<string>;
  /** A single number for the batch. */
  readonly loss: Value;
  readonly looks: Looks;
  /** What the head tells of its batch; null where it tells nothing. */
  readonly told: Told | null;
}

/** Numbers by their names, see training/figures.ts. */
export interface Told {
  readonly names: readonly string[];
  /** [names]. */
  readonly numbers: Value;
}

/**
 * The loss of a batch: crops `images` [batch, size, size, 3] of uint8, `labels` [batch] of int32. Where only a sample of the
 * classes enters a step, the head has as many classes as that, and labels are places in the sample.
 */
export function buildLoss(plan: LossPlan): BuiltLoss {
  const { backbone, settings, head, headSettings, classes, batch, size } = plan;
  assert(classes > 1 && batch > 1, `${classes} classes in batches of ${batch}`);
  const net = openNet(true, plan.frozen);
  const pictures = fromCrops(input('images', [batch, size, size, 3], 'uint8'), plan.pixels);
  const labels = input('labels', [batch], 'int32');
  const target = oneHot(labels, plan.sampled ?? classes, { within: true });
  // in mixed precision the trunk alone is half: what measures and compares is not
  const embeddings = full(backbone.build(net, half(pictures), settings));
  const ofBackbone = new Set(net.parameters.map(({ name }) => name));
  const { logits, cosines, probes, pairs, extra, figures } = head.build(
    net,
    embeddings,
    target,
    headSettings,
    labels,
  );
  const norms = sqrt(reduceSumSquare(embeddings, [1]));
  const others = pairs?.others ?? subtract(scalar(1), oneHot(labels, side(probes.shape, 1)));
  const looks = { ranks: pairs?.ranks ?? ranksOf(logits, target), norms, cosines, probes, others };
  const { distillation } = plan;
  const halfway = distillation?.flow || distillation?.factors ? stageMaps(pictures, embeddings) : [];
  const own = new Map(halfway.map(({ name, value }) => [name, full(value)]));
  const taught = distillation && taughtBy(net, distillation, embeddings, logits, own);
  const beside = [...(extra ? [extra] : []), ...(taught ? [taught.loss] : [])];
  const loss = beside.reduce(add, pairs?.loss ?? lossOf(logits, target, plan.loss));
  const told = toldOf({ ...(extra && { extra }), ...figures, ...taught?.figures });
  return { net, ofBackbone, loss, looks, told };
}

/** What the loss takes of a batch beside pictures and labels. */
export function givenTo({ distillation, batch, classes }: LossPlan): readonly Given[] {
  return distillation === undefined ? [] : givenOf(distillation, batch, classes);
}

/** Single numbers by their names, in one. */
export function toldOf(figures: Readonly<Record<string, Value>>): Told | null {
  const names = Object.keys(figures);
  if (names.length === 0) return null;
  const numbers = concat(
    Object.values(figures).map((figure) => reshape(figure, [1])),
    0,
  );
  return { names, numbers };
}

export interface BuiltEmbedding {
  readonly net: Net;
  /** [batch, embedding], of any length. */
  readonly embedding: Value;
  /** The maps of its parts. */
  readonly maps: readonly StageMap[];
}

/** Embeddings of crops `images` [batch, size, size, 3] of uint8, by running statistics. */
export function buildEmbedding(plan: NetworkPlan, batch: number): BuiltEmbedding {
  const net = openNet(false);
  const pictures = fromCrops(input('images', [batch, plan.size, plan.size, 3], 'uint8'), plan.pixels);
  return embedded(net, pictures, plan);
}

/** The same of pictures `input` [batch, 3, size, size] that are normalised already. */
export function buildNormalised({ backbone, settings, size }: NetworkPlan, batch: number): BuiltEmbedding {
  const net = openNet(false);
  return embedded(net, input('input', [batch, 3, size, size]), { backbone, settings });
}

function embedded(
  net: Net,
  pictures: Value,
  { backbone, settings }: Pick<NetworkPlan, 'backbone' | 'settings'>,
): BuiltEmbedding {
  const embedding = backbone.build(net, pictures, settings);
  return { net, embedding, maps: stageMaps(pictures, embedding) };
}

/** [n, h, w, 3] of 0..255 → [n, 3, h, w], normalised. */
function fromCrops(images: Value, { mean, deviation, order }: Pixels): Value {
  const planes = transpose(cast(images), [0, 3, 1, 2]);
  const ordered = order === 'bgr' ? flip(planes, [1]) : planes;
  return add(scale(ordered, 1 / deviation), scalar(-mean / deviation));
}
