import { heldOf } from '../backbones/cost.ts';
import { classState } from '../compile/class-state.ts';
import { input } from '../graph/builder.ts';
import { count } from '../graph/shape.ts';
import { topological } from '../graph/walk.ts';
import { openNet, parameterCount } from '../layers/net.ts';
import { oneHot } from '../ops/one-hot.ts';
import { type Extras, noExtras } from './extras.ts';
import { planOf } from './plan.ts';
import type { Recipe } from './recipe.ts';

export interface MemoryEstimate {
  /** Of network and head. */
  readonly parameters: number;
  /** Bytes whatever the batch. */
  readonly fixed: number;
  /** Bytes for each picture of a batch. */
  readonly perImage: number;
}

/** The process, onnxruntime and the graph, before anything is computed. */
const base = 150e6;
/** Logits, their exponentials and derivatives, the one-hot labels: matrices of [batch, classes]. */
const classMatrices = 8;
const float = 4;
/** The graph is built for so many pictures; what it computes grows with them by a line. */
const trial = 2;

/** Memory of training, estimated from the network's graph without compiling it: some tens of milliseconds. */
export function estimateMemory(recipe: Recipe, classes: number, extras: Extras = noExtras): MemoryEstimate {
  const { optimizer, accumulation } = recipe;
  const plan = planOf(recipe, classes, extras);
  const { backbone, settings, size, head, headSettings, sampled = classes } = plan;
  // As after training: how statistics of a batch are computed does not matter here.
  const net = openNet(false);
  const pictures = input('pictures', [trial, 3, size, size]);
  const embeddings = backbone.build(net, pictures, settings);
  const held = heldOf(topological([embeddings]), pictures);
  const labels = input('labels', [trial], 'int32');
  head.build(net, embeddings, oneHot(labels, sampled), headSettings, labels);
  const parameters = parameterCount(net);
  // Two sets of parameters and of what the optimizer remembers, used in turns, and one of derivatives.
  const slots = optimizer.kind === 'adamw' ? 2 : optimizer.momentum > 0 ? 1 : 0;
  const copies = 2 + 2 * slots + 1 + (accumulation > 1 ? 2 : 0);
  // What the classes keep that are not in a step is there once.
  const kept = [...classState(plan).values()].reduce((sum, { shape }) => sum + count(shape), 0);
  const perClass = head.compares === 'pictures' ? 0 : sampled;
  return {
    parameters: parameters + kept * (1 - sampled / classes),
    fixed: base + (parameters * copies + kept * (1 + slots)) * float,
    perImage: held / trial + perClass * float * classMatrices,
  };
}

export function memoryOf({ fixed, perImage }: MemoryEstimate, batch: number): number {
  return Math.round(fixed + perImage * batch);
}

/** The largest batch that fits; less than 1 where none does. */
export function batchThatFits({ fixed, perImage }: MemoryEstimate, bytes: number): number {
  return Math.floor((bytes - fixed) / perImage);
}
