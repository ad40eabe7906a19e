import { alignJob } from './align.ts';
import { benchmarkJob } from './benchmark.ts';
import { benchmarkListJob } from './benchmark-list.ts';
import { checkPluginJob } from './check-plugin.ts';
import { cleanJob } from './clean.ts';
import { clusterJob } from './cluster.ts';
import { deviceJob } from './device.ts';
import { embedJob } from './embed.ts';
import { evaluateJob } from './evaluate.ts';
import { exportJob } from './export.ts';
import { importJob } from './import.ts';
import type { AnyJob } from './job.ts';
import { leaksJob } from './leaks.ts';
import { mapJob } from './map.ts';
import { peopleJob } from './people.ts';
import { trainJob } from './train.ts';
import { trialJob } from './trial.ts';
import { readWeightsJob, writeWeightsJob } from './weights.ts';

/** Every job that a worker process can run, by kind. */
export const jobs: Readonly<Record<string, AnyJob>> = {
  align: alignJob,
  benchmark: benchmarkJob,
  'benchmark-list': benchmarkListJob,
  'check-plugin': checkPluginJob,
  clean: cleanJob,
  cluster: clusterJob,
  device: deviceJob,
  embed: embedJob,
  evaluate: evaluateJob,
  export: exportJob,
  import: importJob,
  leaks: leaksJob,
  map: mapJob,
  people: peopleJob,
  'read-weights': readWeightsJob,
  train: trainJob,
  trial: trialJob,
  'write-weights': writeWeightsJob,
};
