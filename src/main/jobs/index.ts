import { alignJob } from './align.ts';
import { clusterJob } from './cluster.ts';
import { deviceJob } from './device.ts';
import { embedJob } from './embed.ts';
import { importJob } from './import.ts';
import type { AnyJob } from './job.ts';
import { trainJob } from './train.ts';

/** Every job that a worker process can run, by kind. */
export const jobs: Readonly<Record<string, AnyJob>> = {
  align: alignJob,
  cluster: clusterJob,
  device: deviceJob,
  embed: embedJob,
  import: importJob,
  train: trainJob,
};
