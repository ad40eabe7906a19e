import { error } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import type { Events, Handlers, MethodName } from '../../../src/core/contract/api.ts';
import { type Settings, settings as settingsSchema } from '../../../src/core/contract/app.ts';
import type { Application } from '../../../src/core/contract/serve.ts';
import { benchmarkHandlers } from './benchmark-handlers.ts';
import { cleaningHandlers } from './cleaning-handlers.ts';
import { dataHandlers } from './data-handlers.ts';
import { evaluationHandlers } from './evaluation-handlers.ts';
import { type EvaluationShape, FakeEvaluations } from './fake-evaluations.ts';
import { FakeJobs } from './jobs.ts';
import { mapHandlers } from './map-handlers.ts';
import { detector, seededModels } from './models.ts';
import { peopleHandlers } from './people-handlers.ts';
import { fakePlugins, pluginHandlers } from './plugin-handlers.ts';
import { FakeRuns, seedRuns } from './runs.ts';
import { sampleHandlers } from './sample-handlers.ts';
import { trainingHandlers } from './training-handlers.ts';
import { weightHandlers } from './weights-handlers.ts';
import { pairNoise, similarityOf, type World } from './world.ts';

export interface FakeOptions {
  /** Milliseconds before every answer. */
  readonly delay?: number;
  /** Methods that fail. */
  readonly failing?: ReadonlySet<string>;
  /** Training runs to be there, how long the longest is, and steps that a running one takes in a quarter of a second. */
  readonly runs?: { readonly count: number; readonly steps: number; readonly pace?: number };
  /** Benchmarks and results to be there; none where it is left out. */
  readonly evaluation?: EvaluationShape;
}

/** The whole contract in memory, over drawn people. */
export interface FakeApp extends Application {
  readonly world: World;
  readonly runs: FakeRuns;
  readonly evaluations: FakeEvaluations;
  /** How often each method was called. */
  readonly calls: Map<string, number>;
  close(): void;
}

export function fakeApp(world: World, options: FakeOptions = {}): FakeApp {
  type Listener = Parameters<Application['subscribe']>[0];
  const listeners = new Set<Listener>();
  const emit = <E extends keyof Events>(event: E, payload: Events[E]): void => {
    for (const listener of listeners) listener(event, payload);
  };
  const changed = (): void =>
    emit('data.changed', { topics: ['datasets', 'photos', 'faces', 'people', 'clusters', 'journal'] });
  const jobs = new FakeJobs(world, emit);
  const runs = new FakeRuns(world, emit, options.runs?.pace);
  if (options.runs) seedRuns(runs, options.runs);
  const evaluations = new FakeEvaluations(world, (...topics) => emit('data.changed', { topics }));
  if (options.evaluation) evaluations.seed(options.evaluation);
  const calls = new Map<string, number>();
  let settings: Settings = settingsSchema.parse({});
  let models = seededModels();
  const job = (id: number): ReturnType<FakeJobs['set']> => {
    const found = world.jobs.get(id);
    if (found === undefined) throw error('app/internal', { detail: `there is no job ${id}` });
    return { ...found };
  };
  const name = (dataset: number | null | undefined): string =>
    (dataset && world.datasets.get(dataset)?.name) || 'all datasets';

  const handlers: Handlers = {
    ...dataHandlers(world, jobs, changed),
    ...peopleHandlers(world, changed),
    ...trainingHandlers(world, (...topics) => emit('data.changed', { topics })),
    ...cleaningHandlers(world, jobs, (...topics) => emit('data.changed', { topics })),
    ...sampleHandlers(emit),
    ...benchmarkHandlers(world, jobs, evaluations),
    ...evaluationHandlers(world, jobs, evaluations, () => models),
    ...mapHandlers(world, jobs, evaluations.changed),
    ...pluginHandlers(fakePlugins(), (...topics) => emit('data.changed', { topics })),
    ...weightHandlers((model) => {
      models = [...models, model];
    }, emit),
    ...(options.runs ? runs.handlers() : {}),
    'app.info': () => ({
      version: '0.1.0',
      dataDir: '/home/ada/.local/share/lineament',
      platform: 'linux-x64',
      host: 'web',
      empty: world.datasets.size === 0,
    }),
    'app.doctor': () => [
      { name: 'Node', state: 'good', detail: '24.21.0', hint: '' },
      { name: 'Database', state: 'good', detail: 'whole, version 1', hint: '' },
      {
        name: 'GPU',
        state: 'warning',
        detail: 'no CUDA library was found',
        hint: 'Everything runs on the CPU. To use a NVIDIA GPU, install the CUDA provider.',
      },
    ],
    'settings.get': () => settings,
    'settings.set': (values) => {
      settings = settingsSchema.parse({ ...settings, ...values });
      return settings;
    },
    'jobs.list': () => [...world.jobs.values()].map((one) => ({ ...one })),
    'jobs.get': ({ job: id }) => job(id),
    'jobs.pause': ({ job: id }) => void jobs.set(id, 'paused'),
    'jobs.cancel': ({ job: id }) => void jobs.set(id, 'cancelled'),
    'jobs.continue': ({ job: id }) => jobs.set(id, 'queued'),
    'jobs.wait': ({ job: id }) => job(id),
    'jobs.clear': () => {
      for (const [id, one] of world.jobs) {
        if (!['queued', 'running'].includes(one.state)) world.jobs.delete(id);
      }
    },
    'align.start': ({ dataset }) =>
      jobs.start(
        'align',
        `Align ${name(dataset)}`,
        dataset,
        world.photosOf.get(dataset)?.length ?? 0,
        'photographs',
        (done) => {
          done.summary = { faces: 41, 'none found': 2 };
          for (const id of world.photosOf.get(dataset) ?? []) {
            const photo = world.photos.get(id);
            if (photo) photo.alignment = 'aligned';
          }
          changed();
        },
      ),
    'embed.start': ({ datasets }) =>
      jobs.start('embed', `Embed ${name(datasets?.[0])}`, datasets?.[0] ?? null, 400, 'faces', changed),
    'cluster.start': ({ datasets }) =>
      jobs.start('cluster', `Cluster ${name(datasets?.[0])}`, null, 400, 'faces', changed),
    'search.query': ({ picture, top, datasets }) => {
      const random = seededRandom(5);
      const all = [...world.faces.values()];
      const given =
        'face' in picture
          ? [world.faces.get(picture.face)]
          : [0, 1, 2].map(() => all[random.int(all.length)]);
      const queries = given.flatMap((query) => {
        if (query === undefined) return [];
        const hits = all
          .filter((face) => face.id !== query.id && face.state === 'kept')
          .filter((face) => datasets === null || datasets.includes(face.datasetId))
          .map((face) => ({ face, similarity: similarityOf(query, face) }))
          .sort((a, b) => b.similarity - a.similarity)
          .slice(0, top);
        return [
          {
            box: query.box,
            points: query.points,
            quality: query.quality,
            crop: `/media/crop/${query.crop}.png`,
            hits,
          },
        ];
      });
      return {
        model: 'feature-512',
        threshold: 0.32,
        compared: all.length,
        missing: 12,
        milliseconds: 23.4,
        queries,
      };
    },
    'search.prepare': () => ({ compared: world.faces.size, missing: 12 }),
    'search.verify': () => {
      const similarity = pairNoise(1, 2);
      return { similarity, threshold: 0.32, same: similarity > 0.32, model: 'feature-512' };
    },
    'embeddings.export': ({ out }) => ({ rows: 0, size: 512, file: out, ids: `${out}.json` }),
    'faces.exportCrop': ({ out }) => ({ file: out }),
    'models.list': () => models,
    'models.inspect': ({ path }) => ({
      path,
      inputs: [{ name: 'input', shape: [1, 3, 'height', 'width'] }],
      outputs: [{ name: 'cls_8', shape: [1, 'n', 1] }],
      task: 'detector',
      recognised: 'YuNet layout: strides 8, 16 and 32',
      proposal: { ...detector, id: 'yunet-2', name: 'yunet', layout: 'yunet' },
      questions: ['colour order', 'mean', 'std'],
    }),
    'models.import': ({ card }) => {
      const model = { card: card ?? detector, builtIn: false, isDefault: false, bytes: 340_000 };
      models = [...models, model];
      emit('data.changed', { topics: ['models'] });
      return model;
    },
    'models.remove': ({ model }) => {
      models = models.filter(({ card }) => card.id !== model);
      emit('data.changed', { topics: ['models'] });
    },
    'models.setDefault': ({ model }) => {
      const task = models.find(({ card }) => card.id === model)?.card.task;
      models = models.map((one) =>
        one.card.task === task ? { ...one, isDefault: one.card.id === model } : one,
      );
      emit('data.changed', { topics: ['models'] });
    },
  };

  return {
    world,
    runs,
    evaluations,
    calls,
    handlers: wrap(handlers, options, calls),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      jobs.close();
      runs.close();
    },
  };
}

/** Counts calls, waits, and fails where that is asked for. */
function wrap(handlers: Handlers, options: FakeOptions, calls: Map<string, number>): Handlers {
  const names = Object.keys(handlers) as MethodName[];
  return Object.fromEntries(
    names.map((name) => {
      const handler = handlers[name] as (input: unknown, context: unknown) => unknown;
      return [
        name,
        async (input: unknown, context: unknown) => {
          calls.set(name, (calls.get(name) ?? 0) + 1);
          if (options.delay) await new Promise((resolve) => setTimeout(resolve, options.delay));
          if (options.failing?.has(name)) {
            throw error('app/internal', { detail: `${name} was told to fail` });
          }
          return handler(input, context);
        },
      ];
    }),
  ) as Handlers;
}
