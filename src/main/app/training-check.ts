import { LineamentError } from '../../core/base/errors.ts';
import type { Problem, RecipeCheck } from '../../core/contract/training.ts';
import { type PluginKind, usedPlugins } from '../../core/plugins/name.ts';
import type { Extras } from '../../core/recipe/extras.ts';
import { impossible } from '../../core/recipe/impossible.ts';
import { estimateMemory, type MemoryEstimate, memoryOf } from '../../core/recipe/memory.ts';
import { parseRecipe } from '../../core/recipe/parse.ts';
import { stepsOf } from '../../core/recipe/plan.ts';
import { preflight } from '../../core/recipe/preflight.ts';
import type { Measured, PreflightFacts } from '../../core/recipe/preflight-facts.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { sizesOf } from '../../core/recipe/sizes.ts';
import { type ResolvedDevice, requirePrecision } from '../engine/devices.ts';
import { versionCrops } from '../store/versions.ts';
import type { Context } from './context.ts';
import { extrasFor } from './extras.ts';
import { validationBenchmarks } from './training-benchmarks.ts';
import { overlapsOf, type SplitData, splitData } from './training-data.ts';
import type { Devices } from './training-devices.ts';
import { withHashes, withWholeNames } from './training-recipe.ts';
import { type Start, startFacts, startOf } from './training-start.ts';
import { type FoundTeacher, memoryOfTeacher, teacherOf, withMaps } from './training-teacher.ts';

/** A recipe that can be trained, with all that is known before its first step. */
export interface Checked {
  readonly recipe: Recipe;
  readonly data: SplitData;
  readonly facts: PreflightFacts;
  readonly start: Start | null;
  readonly teacher: FoundTeacher | null;
}

/** Where in the recipe the cause of an error is looked for. */
const places: Readonly<Record<string, string>> = {
  'benchmark/ambiguous': 'validation.benchmarks',
  'benchmark/not-pairs': 'validation.benchmarks',
  'benchmark/not-ready': 'validation.benchmarks',
  'benchmark/unknown': 'validation.benchmarks',
  'engine/model-missing': 'network.backbone',
  'graph/inputs': 'network.backbone',
  'graph/no-embedding': 'network.backbone',
  'graph/nothing-to-learn': 'network.backbone',
  'graph/refused-node': 'network.backbone',
  'graph/unknown-operators': 'network.backbone',
  'model/changed': 'network.backbone',
  'model/not-found': 'network.backbone',
  'run/unknown': 'start.run',
  'run/no-checkpoint': 'start.checkpoint',
  'training/no-start': 'start.path',
  'training/other-backbone': 'start.run',
  'version/unknown': 'data.version',
  'version/ambiguous': 'data.version',
  'version/incomplete': 'data.version',
  'training/too-few-identities': 'data.minImagesPerIdentity',
  'recipe/too-few-images': 'batch',
  'engine/no-half-precision': 'precision',
  'engine/provider-unavailable': 'device.provider',
  'engine/tfjs-unavailable': 'device.engine',
};

/** Looks at any JSON as a recipe. What is wrong with it comes back as problems; nothing is thrown for it. */
export async function checkRecipe(
  context: Pick<Context, 'store' | 'backbones' | 'plugins' | 'dataDir' | 'shelf'>,
  devices: Devices,
  json: unknown,
): Promise<
  { readonly checked: Checked } | { readonly checked: null; readonly problems: readonly Problem[] }
> {
  const named = withWholeNames(context, withHashes(context.store, json));
  const { recipe, problems } = parseRecipe(named);
  if (recipe === null) return { checked: null, problems };
  const found = await teacherFor(context, recipe);
  if ('problems' in found) return { checked: null, problems: found.problems };
  const { teacher } = found;
  /** With what was found out about its teacher. */
  const whole = teacher?.recipe ?? recipe;
  try {
    const extras = await extrasFor(context, recipe);
    const more = impossible(recipe, extras);
    if (more.length > 0) return { checked: null, problems: more };
    const start = await startOf(context, recipe);
    const data = splitData(context.store, recipe);
    const device = await devices.resolve(recipe.device);
    requirePrecision(recipe, device);
    const taking = teacher ? await memoryOfTeacher(context, teacher) : undefined;
    const estimate = estimateMemory(whole, data.split.identityOf.length, extras, taking);
    const facts = {
      ...factsOf(context, whole, extras, data, device, estimate),
      start: startFacts(start, recipe),
    };
    const taught = { ...facts, teacher: teacher?.of ?? null };
    return { checked: { recipe: whole, data, facts: taught, start, teacher } };
  } catch (thrown) {
    if (!(thrown instanceof LineamentError)) throw thrown;
    const { code, message, hint } = thrown;
    const path = places[code] ?? (code.startsWith('plugin/') ? pluginPlace(recipe, thrown) : '');
    return { checked: null, problems: [{ path, message: `${message} ${hint}` }] };
  }
}

/** Where a recipe names the plugin that an error is about. */
function pluginPlace(recipe: Recipe, { values }: LineamentError): string {
  const about = String(values['file'] ?? values['place'] ?? `${values['name']}.${values['kind']}`);
  const used = usedPlugins(recipe).find(({ name, kind }) => about.startsWith(`${name}.${kind}`));
  return used ? pluginPlaces[used.kind] : '';
}

const pluginPlaces: Readonly<Record<PluginKind, string>> = {
  backbone: 'network.backbone',
  head: 'head.kind',
  sampler: 'data.sampler.name',
  augmentation: 'data.augmentation.plugin',
};

/** Whom a recipe learns from, or why it cannot. */
async function teacherFor(
  context: Parameters<typeof teacherOf>[0],
  recipe: Recipe,
): Promise<{ readonly teacher: FoundTeacher | null } | { readonly problems: readonly Problem[] }> {
  try {
    return { teacher: await withMaps(context, teacherOf(context, recipe)) };
  } catch (thrown) {
    if (!(thrown instanceof LineamentError)) throw thrown;
    const { code, message, hint } = thrown;
    const path = code === 'training/teacher-classes' ? 'distillation.softTargets' : 'distillation.teacher';
    return { problems: [{ path, message: `${message} ${hint}` }] };
  }
}

function factsOf(
  { store }: Pick<Context, 'store'>,
  recipe: Recipe,
  extras: Extras,
  data: SplitData,
  device: ResolvedDevice,
  estimate: MemoryEstimate,
): PreflightFacts {
  const { split, version, identities } = data;
  const crops = versionCrops(store, version.id);
  return {
    recipe,
    extras,
    outlook: {
      images: split.train.length,
      identities: split.identityOf.length,
      heldOutImages: split.heldOut.length,
      heldOutIdentities: new Set(split.heldOutIdentities).size,
      ...stepsOf(recipe, split.train.length),
      parameters: estimate.parameters,
      memory: memoryOf(estimate, recipe.batch),
    },
    version: sizesOf(identities),
    train: sizesOf(split.classes),
    heldOut: sizesOf(split.heldOutIdentities),
    solvers: crops?.solvers ?? {},
    cropSides: crops?.cropSides ?? [0, 0],
    overlaps: overlapsOf(store, data, validationBenchmarks(store, recipe)),
    estimate,
    available: process.availableMemory(),
    device: { provider: device.engine === 'tfjs' ? 'tfjs' : device.provider, fellBack: device.note ?? '' },
    measured: null,
  };
}

/** What is told of a recipe before it is trained. */
export async function recipeCheck(
  context: Pick<Context, 'store' | 'backbones' | 'plugins' | 'dataDir' | 'shelf'>,
  devices: Devices,
  json: unknown,
): Promise<RecipeCheck> {
  const found = await checkRecipe(context, devices, json);
  if (found.checked === null) return { recipe: null, problems: found.problems, findings: [], outlook: null };
  const { recipe, facts } = found.checked;
  return { recipe, problems: [], findings: preflight(facts), outlook: facts.outlook };
}

/** The same findings with what a trial measured. */
export function findingsMeasured({ facts }: Checked, measured: Measured): RecipeCheck['findings'] {
  return preflight({ ...facts, measured });
}
