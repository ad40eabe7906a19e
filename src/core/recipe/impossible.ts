import type { Backbone } from '../backbones/backbone.ts';
import { backbones } from '../backbones/index.ts';
import { mapsOf } from '../backbones/maps.ts';
import type { Option } from '../base/option.ts';
import { heads } from '../heads/index.ts';
import type { Extras } from './extras.ts';
import { impossibleDistillation, impossibleMaps } from './impossible-distillation.ts';
import { impossiblePrecision } from './impossible-precision.ts';
import { impossibleTuning } from './impossible-tuning.ts';
import { backboneSettingsOf, headSettingsOf } from './plan.ts';
import type { RecipeProblem } from './problem.ts';
import type { Recipe } from './recipe.ts';

/**
 * Settings that are right by themselves and cannot go together. `extras` are the networks and heads of files that there
 * are; null where that is not known.
 */
export function impossible(recipe: Recipe, extras: Extras | null = null): RecipeProblem[] {
  return [
    ...ofNetwork(recipe, extras),
    ...ofHead(recipe, extras),
    ...ofSampling(recipe, extras),
    ...impossibleDistillation(
      recipe,
      [...(extras?.heads ?? []), ...heads].find(({ name }) => name === recipe.head.kind),
    ),
    ...ofOptimizer(recipe),
    ...impossiblePrecision(recipe),
    ...ofSchedule(recipe),
    ...ofData(recipe),
  ];
}

/** The problem, where there is one. */
function when(wrong: boolean, path: string, message: string): RecipeProblem[] {
  return wrong ? [{ path, message }] : [];
}

function ofNetwork(recipe: Recipe, extras: Extras | null): RecipeProblem[] {
  const { network } = recipe;
  const backbone = [...(extras?.backbones ?? []), ...backbones].find(({ name }) => name === network.backbone);
  if (!backbone)
    return when(
      extras !== null,
      'network.backbone',
      `is ${network.backbone}, which is no model that is here`,
    );
  const { title, multipleOf = 1, defaults, options = [] } = backbone;
  const { output } = backboneSettingsOf(backbone, network);
  const problems = [
    ...ofOptions(title, options, network.options, 'network.options'),
    ...ofFixed(backbone, network),
    ...when(
      network.size % multipleOf !== 0,
      'network.size',
      `must be a multiple of ${multipleOf} for ${title}, so that every halving comes out even; not ${network.size}`,
    ),
    ...when(
      defaults.dropout === 0 && output !== 'e' && (network.dropout ?? 0) > 0,
      'network.dropout',
      `is ${network.dropout}, but ${title} has no dropout; leave it null${
        options.some(({ name }) => name === 'output') ? ', or give it the output “e”' : ''
      }`,
    ),
  ];
  // a network that cannot be has no names to look for
  if (problems.length > 0) return problems;
  const maps = (): readonly string[] =>
    mapsOf(backbone, backboneSettingsOf(backbone, network), network.size).map(({ name }) => name);
  return [...impossibleTuning(recipe, backbone), ...impossibleMaps(recipe, maps)];
}

/** What the file of an imported network leaves no choice of. */
function ofFixed({ title, fixed }: Backbone, network: Recipe['network']): RecipeProblem[] {
  if (!fixed) return [];
  const { size, embedding, pixels } = fixed;
  const given = network.pixels;
  const same =
    given.mean === pixels.mean && given.deviation === pixels.deviation && given.order === pixels.order;
  return [
    ...when(
      size !== null && network.size !== size,
      'network.size',
      `must be ${size} for ${title}, not ${network.size}`,
    ),
    ...when(
      network.embedding !== embedding,
      'network.embedding',
      `must be ${embedding} for ${title}, not ${network.embedding}`,
    ),
    ...when(
      !same,
      'network.pixels',
      `must be mean ${pixels.mean}, deviation ${pixels.deviation} and order ${pixels.order} for ${title}`,
    ),
  ];
}

function ofHead({ head: { kind, options } }: Recipe, extras: Extras | null): RecipeProblem[] {
  const head = [...(extras?.heads ?? []), ...heads].find(({ name }) => name === kind);
  if (!head) return [];
  const problems = ofOptions(head.title, head.options, options, 'head.options');
  const found = problems.length === 0 ? head.impossible?.(headSettingsOf(head, options)) : null;
  return found ? [{ path: `head.options.${found.option}`, message: found.message }] : problems;
}

/** Settings that somebody gave against those that there are. */
function ofOptions(
  title: string,
  options: readonly Option[],
  given: Recipe['head']['options'],
  under: string,
): RecipeProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const path = `${under}.${name}`;
    const option = options.find((one) => one.name === name);
    if (option) return when(!allowed(option, value), path, `must be ${limits(option)}, not ${value}`);
    const known = options.map((one) => one.name).join(', ');
    return when(true, path, `is no setting of ${title}, which has ${known === '' ? 'none' : known}`);
  });
}

function allowed(option: Option, value: number | string | boolean): boolean {
  switch (option.kind) {
    case 'number':
      if (typeof value !== 'number' || (option.whole && !Number.isInteger(value))) return false;
      return value >= option.least && value <= option.most;
    case 'choice':
      return typeof value === 'string' && option.of.includes(value);
    case 'boolean':
      return typeof value === 'boolean';
  }
}

function limits(option: Option): string {
  if (option.kind === 'number')
    return `a ${option.whole ? 'whole ' : ''}number from ${option.least} to ${option.most}`;
  return option.kind === 'choice' ? option.of.join(' or ') : 'true or false';
}

function ofSampling({ head: { kind, sampling } }: Recipe, extras: Extras | null): RecipeProblem[] {
  const head = [...(extras?.heads ?? []), ...heads].find(({ name }) => name === kind);
  return when(
    sampling !== null && head?.compares === 'pictures',
    'head.sampling',
    `is for heads with class weights; ${head?.title} compares pictures, so set it to null`,
  );
}

function ofOptimizer({ optimizer, device, head }: Recipe): RecipeProblem[] {
  return [
    ...when(
      head.sampling !== null && device.engine === 'tfjs',
      'head.sampling',
      'is for onnxruntime: tfjs has all classes in its own memory at every step; set it to null or change device.engine',
    ),
    ...when(
      optimizer.kind === 'sgd' && optimizer.nesterov && optimizer.momentum === 0,
      'optimizer.nesterov',
      'needs a momentum above 0',
    ),
    ...when(
      device.engine === 'tfjs' && device.provider !== 'auto',
      'device.provider',
      `is ${device.provider}, a device of onnxruntime; tfjs chooses its own, so it must be auto`,
    ),
  ];
}

function ofSchedule({ schedule: { rate, warmUp, decay }, epochs }: Recipe): RecipeProblem[] {
  const at = decay.kind === 'step' ? decay.at : [];
  return [
    ...when(
      warmUp.epochs >= epochs,
      'schedule.warmUp.epochs',
      `is ${warmUp.epochs}: the warm-up must end before the run, which has ${epochs} epochs`,
    ),
    ...when(
      warmUp.from > rate,
      'schedule.warmUp.from',
      `is ${warmUp.from}: a warm-up begins below the rate of ${rate}`,
    ),
    ...at.flatMap((epoch, i) =>
      when(
        epoch >= epochs,
        `schedule.decay.at.${i}`,
        `is ${epoch}, after the end of the run, which has ${epochs} epochs`,
      ),
    ),
    ...when(
      at.some((epoch, i) => epoch <= (at[i - 1] ?? 0)),
      'schedule.decay.at',
      'must name its epochs in order, each once',
    ),
    ...when(
      'end' in decay && decay.end > rate,
      'schedule.decay.end',
      `must not be above the rate of ${rate}`,
    ),
  ];
}

function ofData({ data, network, validation, earlyStop, batch }: Recipe): RecipeProblem[] {
  const { sampler } = data;
  const { cropFrom } = data.augmentation;
  const nothingHeld = data.holdOut.by === 'none' || data.holdOut.share === 0;
  const { versions, benchmarks } = validation;
  return [
    ...when(
      sampler.kind === 'module',
      'data.sampler',
      'names a file, as recipes did before there were plugins: put it into the plugins folder as NAME.sampler.js (docs/plugins.md says how it is written), agree to it, and give the sampler as kind “plugin” with the name “plugin:NAME”',
    ),
    ...(sampler.kind !== 'identities'
      ? []
      : when(
          sampler.identities * sampler.pictures !== batch,
          'data.sampler.identities',
          `× ${sampler.pictures} pictures is ${sampler.identities * sampler.pictures}, and the batch is ${batch}: they must be equal`,
        )),
    ...when(
      cropFrom !== null && cropFrom < network.size,
      'data.augmentation.cropFrom',
      `is ${cropFrom}: a square of ${network.size} pixels cannot be cut from it`,
    ),
    ...when(
      earlyStop !== null && nothingHeld && versions.length + benchmarks.length === 0,
      'earlyStop',
      'needs something to verify on: hold people out, or name a dataset version or a benchmark under validation',
    ),
    ...when(new Set(versions).size < versions.length, 'validation.versions', 'names a version twice'),
    ...when(new Set(benchmarks).size < benchmarks.length, 'validation.benchmarks', 'names a benchmark twice'),
  ];
}
