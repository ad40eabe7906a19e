import type { Backbone, BackboneSettings } from '../backbones/backbone.ts';
import { backbones } from '../backbones/index.ts';
import { defined } from '../base/assert.ts';
import { usualScaling } from '../compile/loss-scale.ts';
import type { TrainingPlan } from '../compile/training.ts';
import type { MapLessons } from '../heads/distillation-maps.ts';
import type { Head, HeadSettings } from '../heads/head.ts';
import { heads } from '../heads/index.ts';
import { sampledClasses } from '../training/class-sample.ts';
import { stepsPerEpoch } from '../training/sampler.ts';
import type { Decay, Schedule } from '../training/schedule.ts';
import { type Extras, noExtras } from './extras.ts';
import type { Recipe } from './recipe.ts';
import { tuningOf } from './tuning.ts';

/**
 * What the compiler is told of a recipe, for so many identities. `extras` are networks and heads of files, which the
 * recipe may name.
 */
export function planOf(recipe: Recipe, classes: number, extras: Extras = noExtras): TrainingPlan {
  const { network, loss, optimizer, batch, accumulation } = recipe;
  const backbone = defined(
    [...extras.backbones, ...backbones].find(({ name }) => name === network.backbone),
    `the backbone ${network.backbone}`,
  );
  return {
    backbone,
    settings: backboneSettingsOf(backbone, network),
    size: network.size,
    pixels: network.pixels,
    ...headPlanOf(recipe, classes, extras),
    classes,
    batch,
    loss,
    optimizer,
    accumulation,
    mixed: recipe.precision === 'mixed' ? usualScaling : null,
    ...tuningOf(recipe),
    ...distillationOf(recipe),
  };
}

/**
 * What the compiler is told of a teacher, whose embedding is as long as the network's where that is not known yet; nothing of
 * maps that are not.
 */
function distillationOf({ distillation, network }: Recipe): Pick<TrainingPlan, 'distillation'> {
  if (distillation === null) return {};
  const { teacher, flow, factors, ...parts } = distillation;
  const lessons: MapLessons = {
    maps: teacher.maps ?? [],
    flow: flow?.teacher ? { ...flow, teacher: flow.teacher } : null,
    factors: factors?.teacher ? { ...factors, teacher: factors.teacher } : null,
  };
  const untold = teacher.maps === null ? { flow: null, factors: null } : {};
  return {
    distillation: {
      ...{ ...parts, ...lessons, ...untold },
      embedding: teacher.embedding ?? network.embedding,
    },
  };
}

/** The part of the plan that is the head's. */
export function headPlanOf(
  recipe: Recipe,
  classes: number,
  extras: Extras = noExtras,
): Pick<TrainingPlan, 'head' | 'headSettings' | 'sampled'> {
  const { kind, options } = recipe.head;
  const head = defined(
    [...extras.heads, ...heads].find(({ name }) => name === kind),
    `the head ${kind}`,
  );
  return { head, headSettings: headSettingsOf(head, options), sampled: sampledOf(recipe, classes) };
}

/** How many of the classes enter a step; undefined where all do without a sample being taken. */
function sampledOf({ head: { sampling }, batch, accumulation }: Recipe, classes: number): number | undefined {
  return sampling === null ? undefined : sampledClasses(classes, sampling.rate, batch * accumulation);
}

/** A backbone's settings: its own, and over them what a recipe says, which has been held against `backbone.options`. */
export function backboneSettingsOf(
  { defaults }: Backbone,
  { embedding, dropout, options }: Recipe['network'],
): BackboneSettings {
  return { ...defaults, ...options, embedding, dropout: dropout ?? defaults.dropout } as BackboneSettings;
}

/** A head's settings: its first preset, and over it what a recipe says, which has been held against `head.options`. */
export function headSettingsOf(
  head: Pick<Head, 'presets'>,
  options: Recipe['head']['options'],
): HeadSettings {
  return { ...Object.values(head.presets)[0], ...options } as HeadSettings;
}

export interface Steps {
  /** Steps of the optimizer; what is left over at an epoch's end is dropped. */
  readonly stepsPerEpoch: number;
  readonly steps: number;
}

/** How long a recipe trains on so many images. Throws `recipe/too-few-images` where they don't make a step. */
export function stepsOf({ batch, accumulation, epochs }: Recipe, images: number): Steps {
  const perEpoch = stepsPerEpoch(images, batch * accumulation);
  return { stepsPerEpoch: perEpoch, steps: Math.max(1, Math.round(epochs * perEpoch)) };
}

/** A recipe's schedule, which counts in epochs, in steps. */
export function scheduleOf({ schedule, epochs }: Recipe, stepsPerEpoch: number): Schedule {
  const inSteps = (span: number): number => Math.round(span * stepsPerEpoch);
  const { rate, warmUp, decay } = schedule;
  const counted: Decay = decay.kind === 'step' ? { ...decay, at: decay.at.map(inSteps) } : decay;
  return {
    base: rate,
    decay: counted,
    warmUp: { steps: inSteps(warmUp.epochs), from: warmUp.from },
    total: Math.max(1, inSteps(epochs)),
  };
}
