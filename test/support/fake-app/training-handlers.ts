import { error } from '../../../src/core/base/errors.ts';
import type { Handlers, MethodName, Topic } from '../../../src/core/contract/api.ts';
import type { Checkpoint, Run, RunDetail } from '../../../src/core/contract/runs.ts';
import type { Version } from '../../../src/core/contract/versions.ts';
import { type Recipe, recipeSchema } from '../../../src/core/recipe/recipe.ts';
import { summarise } from '../../../src/core/recipe/sizes.ts';
import { catalogue, checked, scaled, sizesIn } from './recipes.ts';
import { known, type Mutable, versionOf, type World } from './world.ts';

type Handled = Extract<MethodName, `${'versions' | 'training' | 'runs'}.${string}`>;
type Change = (...topics: Topic[]) => void;

/** Versions, recipes and runs in memory; a run waits until somebody makes it train (see `world.runs`). */
export function trainingHandlers(world: World, changed: Change): Pick<Handlers, Handled> {
  const { versions, runs } = world;
  const version = (id: number): Mutable<Version> => known(versions, id, 'version');
  const run = (id: number): Mutable<RunDetail> => known(runs, id, 'run');
  const start = (recipe: Recipe, name: string | null, parent: Run['parent']): Run => {
    const used = versionOf(world, recipe.data.version);
    if (used === undefined) throw error('app/internal', { detail: `no version ${recipe.data.version}` });
    const { outlook } = checked(world, recipe);
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
    'versions.list': () => [...versions.values()].map((one) => ({ ...one })).reverse(),
    'versions.get': ({ version: id }) => ({
      ...version(id),
      sizes: sizesIn(
        world,
        version(id).datasets.map((one) => one.id),
      ),
      solvers: { umeyama: version(id).images },
      cropSides: [112, 112],
    }),
    'versions.create': ({ datasets, name }) => {
      const used = datasets.map((id) => known(world.datasets, id, 'dataset'));
      const id = world.nextId++;
      const { images, identities } = summarise(sizesIn(world, datasets));
      const made: Version = {
        ...{ id, hash: (id * 2_654_435_761).toString(16).padStart(64, '0'), createdAt: Date.now() },
        name: name ?? used.map((dataset) => dataset.name).join(' + '),
        datasets: used.map((dataset) => ({ id: dataset.id, name: dataset.name })),
        ...{ images, identities, runs: 0, missing: 0, cleanedFrom: null },
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
    'training.catalogue': () => catalogue(),
    'training.template': ({ template, version: hash }) => {
      const used = versionOf(world, hash);
      if (used === undefined) throw error('app/internal', { detail: `no version ${hash}` });
      return scaled(world, template, used);
    },
    'training.check': ({ recipe }) => checked(world, recipe),
    'training.trial': ({ recipe, steps }) => {
      const { outlook } = checked(world, recipe);
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
