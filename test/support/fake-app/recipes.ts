import { backbones } from '../../../src/core/backbones/index.ts';
import { backboneInfo } from '../../../src/core/contract/backbone-info.ts';
import type { RecipeCheck, TrainingCatalogue } from '../../../src/core/contract/training.ts';
import type { Version } from '../../../src/core/contract/versions.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { estimateMemory, memoryOf } from '../../../src/core/recipe/memory.ts';
import { parseRecipe, recipeJsonSchema } from '../../../src/core/recipe/parse.ts';
import { preflight } from '../../../src/core/recipe/preflight.ts';
import type { Recipe } from '../../../src/core/recipe/recipe.ts';
import { scaleTemplate } from '../../../src/core/recipe/scale-template.ts';
import { type Sizes, sizesOf, summarise } from '../../../src/core/recipe/sizes.ts';
import { templates } from '../../../src/core/recipe/templates.ts';
import { split } from '../../../src/core/training/split.ts';
import { versionOf, type World } from './world.ts';

const memory = 16e9;

let known: TrainingCatalogue | null = null;

/** Counted when it is first asked for: most tests do without. */
export function catalogue(): TrainingCatalogue {
  known ??= { ...others, backbones: backbones.map(backboneInfo) };
  return known;
}

const others: Omit<TrainingCatalogue, 'backbones'> = {
  heads: heads.map((head) => ({ ...head, compares: head.compares ?? null })),
  plugins: [],
  templates: templates.map(({ id, title, about }) => ({ id, title, about })),
  devices: [
    {
      ...{ engine: 'onnxruntime', provider: 'cpu', available: true, reason: '', automatic: true },
      noMixed: 'A processor has no arithmetic of half precision.',
    },
    {
      ...{ engine: 'onnxruntime', provider: 'webgpu', available: false, automatic: false },
      noMixed: 'The device itself cannot be used.',
      reason: 'Needs a graphics card with a Vulkan, Metal or Direct3D 12 driver.',
    },
  ],
  schema: recipeJsonSchema(),
};

/** Whose each picture is, in these datasets. */
function ownersIn(world: World, datasets: readonly (number | null)[]): Int32Array {
  const named = [...world.faces.values()].filter(
    (face) => face.state === 'kept' && face.personId !== null && datasets.includes(face.datasetId),
  );
  return Int32Array.from(named, ({ personId }) => personId ?? 0);
}

/** Pictures of each person in the datasets. */
export function sizesIn(world: World, datasets: readonly (number | null)[]): Sizes {
  return sizesOf(ownersIn(world, datasets));
}

export function scaled(world: World, id: string, version: Version): Recipe {
  const template = templates.find((one) => one.id === id);
  if (template === undefined) throw new Error(`there is no template ${id}`);
  const sizes = sizesIn(
    world,
    version.datasets.map((one) => one.id),
  );
  return scaleTemplate(template, { version: version.hash, sizes, memory, provider: 'cpu' });
}

/** The recipe with everything stated, how much there is to train on, and what stands out. */
export function checked(world: World, json: unknown): RecipeCheck {
  const { recipe, problems } = parseRecipe(json);
  if (recipe === null) return { recipe, problems, findings: [], outlook: null };
  const version = versionOf(world, recipe.data.version);
  if (version === undefined) {
    const problem = { path: 'data.version', message: `names no dataset version: ${recipe.data.version}` };
    return { recipe: null, problems: [problem], findings: [], outlook: null };
  }
  const owners = ownersIn(
    world,
    version.datasets.map(({ id }) => id),
  );
  const sizes = sizesOf(owners);
  const parts = split(owners, { ...recipe.data, seed: recipe.seed });
  const [train, heldOut] = [sizesOf(parts.classes), sizesOf(parts.heldOutIdentities)];
  const [trained, held] = [summarise(train), summarise(heldOut)];
  const stepsPerEpoch = Math.floor(trained.images / (recipe.batch * recipe.accumulation));
  const estimate = estimateMemory(recipe, Math.max(2, trained.identities));
  const outlook = {
    ...{ images: trained.images, identities: trained.identities },
    ...{ heldOutImages: held.images, heldOutIdentities: held.identities },
    ...{ stepsPerEpoch, steps: Math.round(stepsPerEpoch * recipe.epochs) },
    ...{ parameters: estimate.parameters, memory: memoryOf(estimate, recipe.batch) },
  };
  const findings = preflight({
    ...{ recipe, outlook, version: sizes, train, heldOut, estimate, available: memory, measured: null },
    ...{ solvers: { umeyama: summarise(sizes).images }, cropSides: [112, 112], overlaps: [] },
    device: { provider: 'cpu', fellBack: '' },
  });
  return { recipe, problems: [], findings, outlook };
}
