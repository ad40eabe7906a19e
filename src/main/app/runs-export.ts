import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { hasCode } from '../../core/base/errors.ts';
import type { AbortSignalLike, Parsed } from '../../core/contract/api.ts';
import { type EmbeddingCard, embeddingCard } from '../../core/contract/model-card.ts';
import type { Evaluation, Exported } from '../../core/contract/runs.ts';
import { percent } from '../../core/report/words.ts';
import { writeError } from '../datasets/write-error.ts';
import type { ExportSetup } from '../jobs/train-protocol.ts';
import { sha256Of } from '../models/files.ts';
import { listEvaluations, type StoredCheckpoint } from '../store/run-records.ts';
import type { StoredRun } from '../store/runs.ts';
import type { CropTable } from '../training/crops.ts';
import { runJob } from '../workers/run.ts';
import { abortSignal } from './abort.ts';
import type { Context } from './context.ts';
import { freeModelId, installModel } from './install-model.ts';
import type { Runs } from './runs.ts';
import { chooseCheckpoint } from './runs-checkpoints.ts';
import { heldOutSet, noCrops, someCrops, trainingData } from './training-data.ts';
import type { Devices } from './training-devices.ts';

/** Makes ONNX files of trained networks. */
export interface RunExporter {
  /** Errors: `run/no-checkpoint`, `training/export-differs`, those of an import of a model. */
  export(input: Parsed<'runs.export'>, signal: AbortSignalLike): Promise<Exported>;
}

/** Crops that trained and exported network embed, to compare. */
const comparedCrops = 64;
/** Cosine that is taken for the same person where nothing was verified. */
const usualThreshold = 0.3;

/** What was verified at a step, or last before it: on what was held out rather than on anything else. */
function evaluationAt(evaluations: readonly Evaluation[], step: number): Evaluation | null {
  const before = evaluations.filter((evaluation) => evaluation.step > 0 && evaluation.step <= step);
  const last = before.filter((evaluation) => evaluation.step === before.at(-1)?.step);
  return last.find(({ set }) => set === heldOutSet) ?? last[0] ?? null;
}

/** What the card's page says: recipe in short, data, validation. */
function notesOf(run: StoredRun, step: number, parity: number, verified: Evaluation | null): string {
  const { recipe, version } = run;
  const { schedule, optimizer, network, head, data } = recipe;
  const named = (name: string, options: typeof head.options): string =>
    [name, ...Object.entries(options).map(([option, value]) => `${option} ${value}`)].join(' ');
  const lines = [
    `Trained here: run “${run.name}”, step ${step} of ${run.steps}.`,
    `${named(network.backbone, network.options)}, ${named(head.kind, head.options)}, ${recipe.loss.kind}; ${optimizer.kind} at ${schedule.rate} (${schedule.decay.kind}), batches of ${recipe.batch * recipe.accumulation}, ${recipe.epochs} epochs, seed ${recipe.seed}.`,
    `Dataset version ${version.name}, ${version.hash}; held out: ${data.holdOut.share} by ${data.holdOut.by}.`,
    verified === null
      ? `Nothing was verified: the threshold of ${usualThreshold} is a guess.`
      : `Verified on ${verified.pairs} pairs (${verified.set}) at step ${verified.step}: ${percent(verified.accuracy, 2)} ± ${percent(verified.deviation, 2)}, area under the curve ${verified.auc.toFixed(4)}, ${verified.tarAtFar.map(([far, tar]) => `TAR ${percent(tar, 2)} at FAR ${far}`).join(', ')}.`,
    `Largest difference of the exported network's numbers: ${parity.toExponential(1)}.`,
  ];
  return lines.join('\n');
}

function cardOf(
  run: StoredRun,
  model: { readonly id: string; readonly sha256: string; readonly notes: string },
  verified: Evaluation | null,
): EmbeddingCard {
  const { size, embedding, pixels } = run.recipe.network;
  return embeddingCard.parse({
    ...model,
    task: 'embedding',
    name: run.name,
    licence: 'your own',
    source: `trained in Lineament on dataset version ${run.version.hash}`,
    input: {
      ...{ width: size, height: size, layout: 'nchw', colour: pixels.order, scale: 1 },
      ...{ mean: [pixels.mean], std: [pixels.deviation] },
    },
    size: embedding,
    threshold: verified?.threshold ?? usualThreshold,
    accuracy: verified === null ? null : verified.accuracy * 100,
  });
}

export function runExporter(context: Context, runs: Runs, devices: Devices): RunExporter {
  const { store, library } = context;

  /** Crops to compare on; none where some of the run's were erased: its network is as good as before. */
  const cropsOf = ({ recipe }: StoredRun): CropTable => {
    try {
      return someCrops(trainingData(store, recipe), comparedCrops);
    } catch (thrown) {
      if (hasCode(thrown, 'version/incomplete')) return noCrops;
      throw thrown;
    }
  };
  const write = async (
    run: StoredRun,
    checkpoint: StoredCheckpoint,
    path: string,
    signal: AbortSignalLike,
  ): Promise<{ readonly parity: number; readonly bytes: number }> => {
    await mkdir(dirname(path), { recursive: true }).catch((thrown: unknown) => {
      throw writeError(path, thrown);
    });
    context.plugins.permit(run.recipe);
    const setup: ExportSetup = {
      recipe: run.recipe,
      checkpoint: join(runs.files(run.id).checkpoints, checkpoint.file),
      path,
      crops: cropsOf(run),
      packsDir: library.packsDir,
      backbonesDir: context.backbones.dir,
      pluginsDir: context.plugins.keptDir,
      threads: devices.threads(run.recipe.device),
    };
    const summary = await runJob({
      ...{ entry: context.workerEntry, kind: 'export', setup, host: {}, signal: abortSignal(signal) },
      onProgress: () => {},
      onLog: () => {},
    });
    return { parity: summary['parity'] ?? Number.NaN, bytes: summary['bytes'] ?? 0 };
  };
  return {
    export: async (input, signal) => {
      const run = runs.require(input.run);
      const checkpoint = chooseCheckpoint(context, run, input.checkpoint);
      const { step } = checkpoint;
      const temporary = join(runs.files(run.id).folder, 'export.onnx');
      const path = input.path === null ? temporary : resolve(input.path);
      const id = input.model ?? freeModelId(context, run.name);
      try {
        const { parity, bytes } = await write(run, checkpoint, path, signal);
        if (input.path !== null && !input.install) return { model: id, path, step, parity, bytes };
        const verified = evaluationAt(listEvaluations(store, run.id), step);
        const notes = notesOf(run, step, parity, verified);
        const installed = await installModel(
          context,
          path,
          cardOf(run, { id, sha256: await sha256Of(path), notes }, verified),
        );
        return { model: id, path: input.path === null ? installed : path, step, parity, bytes };
      } finally {
        if (path === temporary) await rm(temporary, { force: true });
      }
    },
  };
}
