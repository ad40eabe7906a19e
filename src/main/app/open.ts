import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { Handlers, Output } from '../../core/contract/api.ts';
import type { AppInfo } from '../../core/contract/app.ts';
import type { Job } from '../../core/contract/jobs.ts';
import { type Application, dispatch } from '../../core/contract/serve.ts';
import type { RecogniserMethods, RecogniserSetup } from '../jobs/recogniser.ts';
import { openStore } from '../store/database.ts';
import { listJobs } from '../store/jobs.ts';
import { lockDataDir } from '../store/lock.ts';
import { runIds } from '../store/runs.ts';
import { getSettings } from '../store/settings.ts';
import { service } from '../workers/run.ts';
import { openBackbones } from './backbones.ts';
import type { Context } from './context.ts';
import { finishErasing } from './erase.ts';
import { eventHub } from './events.ts';
import { appHandlers } from './handlers/app.ts';
import { benchmarkHandlers } from './handlers/benchmarks.ts';
import { cleaningHandlers } from './handlers/cleaning.ts';
import { datasetHandlers } from './handlers/datasets.ts';
import { evaluationHandlers } from './handlers/evaluations.ts';
import { faceHandlers } from './handlers/faces.ts';
import { fileHandlers } from './handlers/files.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { mapHandlers } from './handlers/maps.ts';
import { modelHandlers } from './handlers/models.ts';
import { peopleHandlers } from './handlers/people.ts';
import { pluginHandlers } from './handlers/plugins.ts';
import { runHandlers } from './handlers/runs.ts';
import { sampleHandlers } from './handlers/sample.ts';
import { searchHandlers } from './handlers/search.ts';
import { trainingHandlers } from './handlers/training.ts';
import { versionHandlers } from './handlers/versions.ts';
import { weightHandlers } from './handlers/weights.ts';
import { leakFinder } from './leaks.ts';
import { openLibrary } from './library.ts';
import { openMaps } from './maps.ts';
import type { MediaRequest, MediaResponse } from './media.ts';
import { forgetStaleVectors } from './model-vectors.ts';
import { openPlugins } from './plugins.ts';
import { queryCrops } from './query-crops.ts';
import { type JobQueue, jobQueue } from './queue.ts';
import { openRuns } from './runs.ts';
import { runActions } from './runs-actions.ts';
import { openBatches } from './runs-batch.ts';
import { runExporter } from './runs-export.ts';
import { removeOrphanFolders } from './runs-files.ts';
import { openSample } from './sample.ts';
import { mediaServer } from './serve-media.ts';
import { openShelf } from './shelf.ts';
import { openDevices } from './training-devices.ts';
import { openUploads } from './uploads.ts';
import { openWeights } from './weights.ts';
import { alignRunner } from './work/align.ts';
import { benchmarkRunner } from './work/benchmark.ts';
import { cleanRunner } from './work/clean.ts';
import { clusterRunner } from './work/cluster.ts';
import { embedRunner } from './work/embed.ts';
import { evaluateRunner } from './work/evaluate.ts';
import { importRunner } from './work/import.ts';
import { mapRunner } from './work/map.ts';
import { peopleRunner } from './work/people.ts';
import { trainRunner } from './work/train.ts';

/** The application on one data folder: what every host serves. */
export interface App extends Application {
  readonly media: (request: MediaRequest) => Promise<MediaResponse>;
  /** Says where this process answers, for other processes of the same user. */
  announce(address: { readonly url: string; readonly token: string }): void;
  /** Pauses what runs, and closes everything. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly dataDir: string;
  readonly host: AppInfo['host'];
  readonly version: string;
  /** Built-in models. */
  readonly modelsDir: string;
  /** The worker processes' program: src/main/workers/entry. */
  readonly workerEntry: URL;
}

const recogniserIdleMs = 5 * 60_000;

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  // Older ones crash in the database's binding instead of failing.
  if (major < 22 || (major === 22 && minor < 14))
    throw error('app/node-too-old', { version: process.versions.node });
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw error('store/unusable', { path: dataDir, detail }, thrown);
  }
}

/** Opens a data folder, which is made if need be. Errors: `app/node-too-old`, those of the store and the packs. */
export async function openApp(options: AppOptions): Promise<App> {
  checkNode();
  const { dataDir } = options;
  makeFolder(dataDir);
  const closers: (() => void | Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const closer of closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (thrown) {
        failures.push(thrown); // the others are closed all the same: the lock comes last
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  try {
    const lock = lockDataDir(dataDir);
    closers.push(() => lock.release());
    const store = openStore(join(dataDir, 'lineament.db'));
    closers.push(() => store.close());
    const library = await openLibrary(dataDir, store);
    closers.push(() => library.close());
    const uploads = await openUploads(dataDir);
    await finishErasing({ store, library, uploads });
    const shelf = await openShelf(options.modelsDir, join(dataDir, 'models'), store);
    await forgetStaleVectors({ store, shelf, library });
    const events = eventHub();
    closers.push(() => events.close());
    const recogniser = service<RecogniserMethods>({
      entry: options.workerEntry,
      kind: 'recogniser',
      idleMs: recogniserIdleMs,
      setup: (): RecogniserSetup => {
        const { threads, provider } = getSettings(store);
        return {
          detector: shelf.detector(null),
          landmarks: shelf.landmarks(),
          threads: threads ?? availableParallelism(),
          provider,
        };
      },
    });
    closers.push(() => recogniser.close());
    const context: Context = {
      ...{ dataDir, store, library, shelf, events, recogniser },
      backbones: openBackbones(shelf, dataDir),
      plugins: openPlugins({ dataDir, store, events, workerEntry: options.workerEntry }),
      version: options.version,
      host: options.host,
      uploads,
      workerEntry: options.workerEntry,
      now: () => Date.now(),
    };
    const devices = openDevices(options.workerEntry, store);
    closers.push(() => devices.close());
    const runs = openRuns(context, () => queue);
    const exporter = runExporter(context, runs, devices);
    await removeOrphanFolders(dataDir, new Set(runIds(store)));
    const maps = await openMaps(context, new Set(listJobs(store).map(({ id }) => id)));
    const queue: JobQueue = jobQueue(
      store,
      events,
      {
        import: importRunner(context),
        align: alignRunner(context),
        embed: embedRunner(context),
        cluster: clusterRunner(context),
        train: trainRunner(context, runs, devices),
        people: peopleRunner(context),
        clean: cleanRunner(context),
        benchmark: benchmarkRunner(context),
        evaluate: evaluateRunner(context, { runs, exporter, leaks: leakFinder(context) }),
        map: mapRunner(context, maps),
      },
      context.now,
    );
    closers.push(() => queue.close());
    closers.push(() => runs.close());
    events.subscribe((event, payload) => {
      if (event === 'job.changed') runs.settle(payload as Job);
    });
    runs.settleAll();
    const batches = openBatches(context, runs);
    closers.push(() => batches.close());
    const crops = queryCrops();
    const media = mediaServer(context, crops, batches);
    closers.push(() => media.close());
    const sample = openSample(context, {
      ...{ runs, queue },
      call: async (method, input, signal) =>
        // The contract gives the type of what a handler returns.
        (await dispatch(handlers, method, input, { signal, progress: () => {} })) as Output<typeof method>,
    });
    closers.push(() => sample.close());
    const handlers: Handlers = {
      ...appHandlers(context, devices),
      ...datasetHandlers(context, queue),
      ...fileHandlers(),
      ...jobHandlers(context, queue),
      ...faceHandlers(context),
      ...peopleHandlers(context),
      ...searchHandlers(context, crops),
      ...modelHandlers(context),
      ...versionHandlers(context),
      ...trainingHandlers(context, devices),
      ...runHandlers(context, {
        ...{ runs, batches, actions: runActions(context, runs, queue) },
        exporter,
      }),
      ...sampleHandlers(context, runs, sample),
      ...pluginHandlers(context),
      ...cleaningHandlers(context, { queue, runs, exporter }),
      ...weightHandlers(openWeights(context, runs)),
      ...benchmarkHandlers(context, queue),
      ...evaluationHandlers(context, { queue, runs }),
      ...mapHandlers(context, maps, queue),
    };
    return { handlers, subscribe: events.subscribe, media: media.answer, announce: lock.announce, close };
  } catch (thrown) {
    await close().catch(() => {}); // the first failure is the one to tell
    throw thrown;
  }
}
