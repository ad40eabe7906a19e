import { heldOf, numbersFrom } from '../backbones/cost.ts';
import { stageMaps } from '../backbones/maps.ts';
import type { NetworkPlan } from '../compile/1-build.ts';
import { classState } from '../compile/class-state.ts';
import type { TrainingPlan } from '../compile/training.ts';
import { input } from '../graph/builder.ts';
import { count } from '../graph/shape.ts';
import { topological } from '../graph/walk.ts';
import { givenOf, taughtBy } from '../heads/distillation.ts';
import { type Net, openNet, parameterCount } from '../layers/net.ts';
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

/** What a teacher takes beside the network that it teaches; see `teacherMemory`. */
export type TeacherMemory = Pick<MemoryEstimate, 'fixed' | 'perImage'>;
const noTeacher: TeacherMemory = { fixed: 0, perImage: 0 };
/** Matrices [n, n, n] of a batch, where angles between any three pictures are learnt. */
const angleMatrices = 12;

/**
 * Memory of training, estimated from the network's graph without compiling it: some tens of milliseconds. `teacher`: what
 * the recipe's teacher takes; what is learnt of it is counted here.
 */
export function estimateMemory(
  recipe: Recipe,
  classes: number,
  extras: Extras = noExtras,
  teacher: TeacherMemory = noTeacher,
): MemoryEstimate {
  const { optimizer, accumulation, batch } = recipe;
  const plan = planOf(recipe, classes, extras);
  const { head, sampled = classes, distillation, frozen } = plan;
  const { net, held, ofBackbone } = graphOf(plan);
  const trained = parameterCount(net);
  const parameters =
    frozen === undefined ? trained : parameterCount(graphOf({ ...plan, frozen: undefined }).net);
  // Two sets of parameters and of what the optimizer remembers, used in turns, and one of derivatives; of what is frozen
  // there are two sets of parameters.
  const slots = optimizer.kind === 'adamw' ? 2 : optimizer.momentum > 0 ? 1 : 0;
  const copies = 2 * slots + 1 + (accumulation > 1 ? 2 : 0);
  const averages = recipe.average === null ? 0 : 2 * ofBackbone;
  // What the classes keep that are not in a step is there once.
  const kept = [...classState(plan).values()].reduce((sum, { shape }) => sum + count(shape), 0);
  const perClass = head.compares === 'pictures' ? 0 : sampled;
  const told = distillation === undefined ? [] : givenOf(distillation, 1, classes);
  const angles = distillation?.angles ? batch ** 2 * angleMatrices : 0;
  const perImage = perClass * classMatrices + angles + told.reduce((sum, { shape }) => sum + count(shape), 0);
  return {
    parameters: parameters + kept * (1 - sampled / classes),
    fixed: base + teacher.fixed + (2 * parameters + trained * copies + averages + kept * (1 + slots)) * float,
    perImage: held / trial + teacher.perImage + perImage * float,
  };
}

/** The network with its head and what it learns of a teacher, and the bytes that a step of `trial` pictures holds of it. */
function graphOf(plan: TrainingPlan): {
  readonly net: Net;
  readonly held: number;
  readonly ofBackbone: number;
} {
  const {
    backbone,
    settings,
    size,
    head,
    headSettings,
    classes,
    sampled = classes,
    distillation,
    frozen,
  } = plan;
  // As after training: how statistics of a batch are computed does not matter here.
  const net = openNet(false, frozen);
  const pictures = input('pictures', [trial, 3, size, size]);
  const embeddings = backbone.build(net, pictures, settings);
  const ofBackbone = parameterCount(net);
  const labels = input('labels', [trial], 'int32');
  const { logits } = head.build(net, embeddings, oneHot(labels, sampled), headSettings, labels);
  const maps = new Map(stageMaps(pictures, embeddings).map(({ name, value }) => [name, value]));
  const results = [
    embeddings,
    ...(distillation ? [taughtBy(net, distillation, embeddings, logits, maps).loss] : []),
  ];
  // For derivatives only that is held which depends on what is trained; the rest is gone again at once.
  const trained = frozen === undefined ? null : net.parameters.map(({ value }) => value);
  return { net, held: heldOf(topological(results), pictures, trained), ofBackbone };
}

/**
 * Of what a network takes that is only asked: measured with onnxruntime on MobileFaceNet, IR-18 and ResNet-50 at 112 pixels
 * in batches of 16, opening it takes 2.6 to 10 times its parameters, at least 50 MB, and a picture a third to two
 * thirds of what it computes on the way; of ResNet-50 nothing more than what opening it left.
 */
const asked = { base: 50e6, perParameter: 2.6, perComputed: 0.6 } as const;

/** Memory of a teacher that is a network of ours. */
export function teacherMemory({ backbone, settings, size }: NetworkPlan): TeacherMemory {
  const net = openNet(false);
  const pictures = input('pictures', [1, 3, size, size]);
  const order = topological([backbone.build(net, pictures, settings)]);
  return {
    fixed: asked.base + parameterCount(net) * float * asked.perParameter,
    perImage: numbersFrom(order, pictures) * float * asked.perComputed,
  };
}

/** The same of an ONNX file of so many bytes, which is asked about a few pictures at a time. */
export function fileTeacherMemory(bytes: number): TeacherMemory {
  return { fixed: asked.base + bytes * asked.perParameter, perImage: 0 };
}

export function memoryOf({ fixed, perImage }: MemoryEstimate, batch: number): number {
  return Math.round(fixed + perImage * batch);
}

/** The largest batch that fits; less than 1 where none does. */
export function batchThatFits({ fixed, perImage }: MemoryEstimate, bytes: number): number {
  return Math.floor((bytes - fixed) / perImage);
}
