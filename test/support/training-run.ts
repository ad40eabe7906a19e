import { hash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evaluation, Snapshot } from '../../src/core/contract/runs.ts';
import { type Recipe, type RecipeInput, recipeSchema } from '../../src/core/recipe/recipe.ts';
import { type MetricColumn, metricColumns } from '../../src/core/training/metrics.ts';
import type { TrainingState } from '../../src/main/engine/trainer.ts';
import { trainJob } from '../../src/main/jobs/train.ts';
import type { SavedCheckpoint, TrainHost, TrainSetup } from '../../src/main/jobs/train-protocol.ts';
import { checkpointName } from '../../src/main/training/checkpoint.ts';
import type { CropTable, ValidationSet } from '../../src/main/training/crops.ts';

/** What a training process told, as the application would keep it. */
export interface Told {
  readonly starts: Parameters<TrainHost['started']>[0][];
  /** By the number of the step, counted from 1. */
  readonly rows: Map<number, Float32Array>;
  /** What rows have beside the metrics' columns. */
  figures: readonly string[];
  /** Rows of each message. */
  readonly messages: number[];
  readonly snapshots: Snapshot[];
  readonly evaluations: Evaluation[];
  readonly saved: SavedCheckpoint[];
  ended: 'finished' | 'early-stop' | null;
}

export const nothingTold = (): Told => ({
  ...{
    figures: [],
    starts: [],
    rows: new Map(),
    messages: [],
    snapshots: [],
    evaluations: [],
    saved: [],
    ended: null,
  },
});

/** The application's side: keeps what it is told, and cuts what lies behind the step where a process begins. */
export function recordingHost(
  told: Told,
  watch: (told: Told, what: keyof TrainHost) => void | Promise<void> = () => {},
) {
  return {
    started: async (start) => {
      told.starts.push(start);
      for (const step of [...told.rows.keys()]) if (step > start.step) told.rows.delete(step);
      await watch(told, 'started');
    },
    steps: async ({ first, rows, figures }) => {
      const width = metricColumns.length + figures.length;
      const count = rows.length / width;
      told.messages.push(count);
      told.figures = figures;
      for (let i = 0; i < count; i++) {
        if (told.rows.has(first + i)) throw new Error(`step ${first + i} is told twice`);
        told.rows.set(first + i, rows.slice(i * width, (i + 1) * width));
      }
      await watch(told, 'steps');
    },
    snapshot: async (snapshot) => {
      told.snapshots.push(snapshot);
      await watch(told, 'snapshot');
    },
    evaluated: async (evaluation) => {
      told.evaluations.push(evaluation);
      await watch(told, 'evaluated');
    },
    saved: async (checkpoint) => {
      told.saved.push(checkpoint);
      await watch(told, 'saved');
    },
    ended: async (reason) => {
      told.ended = reason;
      await watch(told, 'ended');
    },
  } satisfies TrainHost;
}

/** A column over all steps that were told, in their order; every step from 1 on must be there. */
export function columnOf({ rows }: Told, column: MetricColumn): number[] {
  const at = metricColumns.indexOf(column);
  return Array.from({ length: rows.size }, (_, i) => {
    const row = rows.get(i + 1);
    if (row === undefined) throw new Error(`step ${i + 1} was not told`);
    return row[at] ?? Number.NaN;
  });
}

/** What must be the same bit for bit however often a run was interrupted: all but the times. */
export function exactRows(told: Told): number[][] {
  const columns = metricColumns.filter((column) => !['stepMs', 'waitMs', 'seconds'].includes(column));
  return columns.map((column) => columnOf(told, column));
}

/** A state in short: the SHA-256 of every tensor by its name. Comparing millions of numbers one by one takes minutes. */
export function digests({ step, tensors }: TrainingState): Readonly<Record<string, string | number>> {
  const entries = [...tensors].map(([name, numbers]) => {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    return [name, hash('sha256', bytes)] as const;
  });
  return { step, ...Object.fromEntries(entries) };
}

/** As many pairs of one person as of two; where two identities or more have an even number of crops each. */
export function pairsOf(crops: CropTable, name = 'held-out'): ValidationSet {
  const count = crops.classes.length;
  const all = Array.from(
    { length: count },
    (_, i) => [i, i % 2 === 0 ? i + 1 : (i + count / 2) % count] as const,
  );
  return {
    ...{ name, crops, pairs: Int32Array.from(all.flat()) },
    same: Uint8Array.from(all, ([a, b]) => (crops.classes[a] === crops.classes[b] ? 1 : 0)),
  };
}

/** A recipe of a small, fast run: 32 px, four at a time, no validation but where asked for. */
export function smallRecipe(more: Partial<RecipeInput> = {}): Recipe {
  return recipeSchema.parse({
    data: { version: 'abcdef01', augmentation: { flip: 0.5, brightness: 0.3 } },
    network: { backbone: 'mobilefacenet', size: 32, embedding: 16 },
    head: { kind: 'arcface', options: { scale: 16, margin: 0.2 } },
    schedule: { rate: 0.05, warmUp: { epochs: 1 }, decay: { kind: 'cosine' } },
    ...{ batch: 4, epochs: 3, seed: 11 },
    ...more,
  });
}

/** A setup over crops in `root/packs`, with checkpoints in `root/NAME`. */
export async function setupOf(
  root: string,
  name: string,
  recipe: Recipe,
  crops: CropTable,
  more: Partial<TrainSetup> = {},
): Promise<TrainSetup> {
  const checkpointsDir = join(root, name);
  await mkdir(checkpointsDir, { recursive: true });
  return {
    ...{ recipe, crops, checkpointsDir, classes: Math.max(...crops.classes) + 1, validation: [] },
    ...{ packsDir: join(root, 'packs'), resume: null, fork: false },
    ...{ provider: 'cpu', threads: 1 },
    ...more,
  };
}

/** The file of a step's checkpoint. */
export const fileOf = ({ checkpointsDir }: TrainSetup, step: number): string =>
  join(checkpointsDir, checkpointName(step));

export interface Trained {
  readonly told: Told;
  /** Error or summary. */
  readonly result: unknown;
  /** Lines of the job's log. */
  readonly logged: readonly string[];
}

/** Trains in this process. `watch` may abort it. */
export async function train(
  setup: TrainSetup,
  told: Told = nothingTold(),
  watch: (what: string, abort: () => void) => void = () => {},
): Promise<Trained> {
  const controller = new AbortController();
  const host = recordingHost(told, (_, what) => watch(what, () => controller.abort()));
  const logged: string[] = [];
  const context = {
    ...{ signal: controller.signal, progress: () => {} },
    log: (line: string) => void logged.push(line),
  };
  const result = await trainJob(setup, host, context).catch((thrown: unknown) => thrown);
  return { told, result, logged };
}
