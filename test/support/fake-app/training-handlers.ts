import { backbones } from '../../../src/core/backbones/index.ts';
import { error } from '../../../src/core/base/errors.ts';
import type { Handlers, MethodName, Topic } from '../../../src/core/contract/api.ts';
import type { Checkpoint, Run, RunDetail } from '../../../src/core/contract/runs.ts';
import type { RecipeCheck, TrainingCatalogue } from '../../../src/core/contract/training.ts';
import type { Version } from '../../../src/core/contract/versions.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { type Recipe, recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { known, type Mutable, type World } from './world.ts';

type Handled = Extract<MethodName, `${'versions' | 'training' | 'runs'}.${string}`>;
type Change = (...topics: Topic[]) => void;

/** What is known of the networks without building them: parameters and multiply-adds at 112 pixels. */
const sizes: Readonly<Record<string, readonly [parameters: number, multiplyAdds: number]>> = {
  mobilefacenet: [1_200_512, 227_570_000],
  'ir-18': [24_020_000, 2_620_000_000],
  'ir-34': [34_130_000, 4_480_000_000],
  'ir-50': [43_590_000, 6_310_000_000],
  'ir-101': [65_150_000, 12_100_000_000],
  'ir-152': [70_960_000, 16_700_000_000],
};

const catalogue: TrainingCatalogue = {
  backbones: backbones.map(({ name, title, input, defaults }) => {
    const [parameters, multiplyAdds] = sizes[name] ?? [1e7, 1e9];
    return { name, title, parameters, multiplyAdds, input, ...defaults };
  }),
  heads: heads.map(({ name, title, presets }) => ({ name, title, presets })),
  templates: [
    {
      id: 'quick-look',
      title: 'Quick look',
      about: 'Minutes on a processor: whether the data is good for it.',
    },
    { id: 'face-evolve', title: 'face.evoLVe', about: 'IR-50 and ArcFace as in the paper.' },
  ],
  devices: [
    { engine: 'onnxruntime', provider: 'cpu', available: true, reason: '', automatic: true },
    {
      ...{ engine: 'onnxruntime', provider: 'webgpu', available: false, automatic: false },
      reason: 'Needs a graphics card with a Vulkan, Metal or Direct3D 12 driver.',
    },
  ],
  schema: {},
};

/** The recipe with everything stated, and how much there is to train on. */
function check(json: unknown, versions: readonly Version[]): RecipeCheck {
  const parsed = recipeSchema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    return { recipe: null, problems, findings: [], outlook: null };
  }
  const recipe = parsed.data;
  const version = versions.find(({ hash }) => hash.startsWith(recipe.data.version));
  if (version === undefined) {
    const problem = { path: 'data.version', message: `There is no dataset version ${recipe.data.version}.` };
    return { recipe: null, problems: [problem], findings: [], outlook: null };
  }
  const held = Math.round(version.images * recipe.data.holdOut.share);
  const stepsPerEpoch = Math.floor((version.images - held) / (recipe.batch * recipe.accumulation));
  const [parameters = 0] = sizes[recipe.network.backbone] ?? [];
  return {
    recipe,
    problems: [],
    findings: [
      {
        ...{ code: 'images', level: stepsPerEpoch < 5 ? 'warning' : 'good' },
        message: `${version.images} pictures of ${version.identities} people.`,
        advice: stepsPerEpoch < 5 ? 'Take a smaller batch.' : '',
      },
    ],
    outlook: {
      images: version.images - held,
      identities: Math.round(version.identities * (1 - recipe.data.holdOut.share)),
      heldOutImages: held,
      heldOutIdentities: Math.round(version.identities * recipe.data.holdOut.share),
      stepsPerEpoch,
      steps: Math.round(stepsPerEpoch * recipe.epochs),
      parameters,
      memory: parameters * 20 + recipe.batch * 30e6,
    },
  };
}

/** Versions, recipes and runs in memory; a run waits until somebody makes it train (see `world.runs`). */
export function trainingHandlers(world: World, changed: Change): Pick<Handlers, Handled> {
  const { versions, runs } = world;
  const version = (id: number): Mutable<Version> => known(versions, id, 'version');
  const run = (id: number): Mutable<RunDetail> => known(runs, id, 'run');
  const start = (recipe: Recipe, name: string | null, parent: Run['parent']): Run => {
    const used = [...versions.values()].find(({ hash }) => hash.startsWith(recipe.data.version));
    if (used === undefined) throw error('app/internal', { detail: `no version ${recipe.data.version}` });
    const outlook = check(recipe, [used]).outlook;
    const id = world.nextId++;
    const made: RunDetail = {
      ...{ id, name: name ?? `${recipe.network.backbone} ${recipe.head.kind} ${used.name} ${id}`, recipe },
      ...{ state: 'queued', reason: null, error: null, createdAt: Date.now(), startedAt: null },
      ...{ finishedAt: null, job: null, step: 0, steps: outlook?.steps ?? 0, parent, provider: null },
      ...{ stepsPerEpoch: outlook?.stepsPerEpoch ?? 0, backbone: recipe.network.backbone },
      ...{ head: recipe.head.kind, version: { id: used.id, hash: used.hash, name: used.name } },
      ...{ loss: null, best: null, imagesPerSecond: null, etaSeconds: null, memory: null },
      ...{ checkpoints: [], folder: `/home/ada/.local/share/lineament/runs/${id}` },
    };
    runs.set(id, made);
    used.runs++;
    changed('runs', 'versions');
    return made;
  };
  const setState = (id: number, change: Partial<RunDetail>): Run => {
    const found = Object.assign(run(id), change);
    changed('runs');
    return found;
  };
  return {
    'versions.list': () => [...versions.values()].reverse(),
    'versions.get': ({ version: id }) => ({
      ...version(id),
      sizes: [
        [1, 2],
        [8, 9],
        [24, 15],
      ],
      solvers: { umeyama: version(id).images },
      cropSides: [112, 112],
    }),
    'versions.create': ({ datasets, name }) => {
      const used = datasets.map((id) => known(world.datasets, id, 'dataset'));
      const id = world.nextId++;
      const made: Version = {
        ...{ id, hash: (id * 2_654_435_761).toString(16).padStart(64, '0'), createdAt: Date.now() },
        name: name ?? used.map((dataset) => dataset.name).join(' + '),
        datasets: used.map((dataset) => ({ id: dataset.id, name: dataset.name })),
        images: used.reduce((sum, dataset) => sum + dataset.faces, 0),
        identities: used.reduce((sum, dataset) => sum + dataset.identities, 0),
        ...{ runs: 0, missing: 0 },
      };
      versions.set(id, made);
      changed('versions');
      return made;
    },
    'versions.rename': ({ version: id, name }) => {
      version(id).name = name;
      changed('versions');
    },
    'versions.remove': ({ version: id }) => {
      versions.delete(id);
      changed('versions');
    },
    'training.catalogue': () => catalogue,
    'training.template': ({ version: hash }) => recipeSchema.parse({ data: { version: hash } }),
    'training.check': ({ recipe }) => check(recipe, [...versions.values()]),
    'training.trial': ({ recipe, steps }) => {
      const { outlook } = check(recipe, [...versions.values()]);
      return {
        ...{ provider: 'cpu', steps, msPerStep: 840, firstLoss: 6.21, expectedLoss: 6.1, memory: 1.4e9 },
        ...{ seconds: (outlook?.steps ?? 0) * 0.84, findings: [] },
      };
    },
    'runs.list': () => [...runs.values()].reverse(),
    'runs.get': ({ run: id }) => run(id),
    'runs.find': ({ name }) => {
      const found = [...runs.values()].find((one) => one.name === name);
      if (found === undefined) throw error('app/internal', { detail: `there is no run ${name}` });
      return found;
    },
    'runs.start': ({ recipe, name }) => start(recipeSchema.parse(recipe), name, null),
    'runs.pause': ({ run: id }) => void setState(id, { state: 'paused', reason: 'paused' }),
    'runs.continue': ({ run: id }) => setState(id, { state: 'queued', reason: null, error: null }),
    'runs.stop': ({ run: id }) => void setState(id, { state: 'stopped', reason: 'user' }),
    'runs.fork': ({ run: id, step, recipe, name }) => {
      const from = run(id);
      const at = step ?? from.checkpoints.at(-1)?.step ?? 0;
      return start(recipe === null ? from.recipe : recipeSchema.parse(recipe), name, {
        ...{ run: id, name: from.name, step: at },
      });
    },
    'runs.rename': ({ run: id, name }) => void setState(id, { name }),
    'runs.remove': ({ run: id }) => {
      runs.delete(id);
      changed('runs');
    },
    'runs.series': ({ run: id }) => ({ run: id, first: 0, end: 0, steps: [], every: 1, columns: {} }),
    'runs.evaluations': () => [],
    'runs.snapshots': () => [],
    'runs.batch': ({ step }) => ({ step: step ?? 1, items: [] }),
    'runs.export': ({ run: id, checkpoint, path }) => {
      const { name, checkpoints } = run(id);
      const step = (at: 'best' | 'last'): number => checkpoints.find((one: Checkpoint) => one[at])?.step ?? 0;
      return {
        ...{ model: name, path: path ?? `/home/ada/.local/share/lineament/models/${name}.onnx` },
        ...{
          step: typeof checkpoint === 'number' ? checkpoint : step(checkpoint),
          parity: 3e-7,
          bytes: 4.8e6,
        },
      };
    },
  };
}
