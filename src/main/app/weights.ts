import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { defined } from '../../core/base/assert.ts';
import type { AbortSignalLike, Parsed } from '../../core/contract/api.ts';
import { type EmbeddingCard, embeddingCard } from '../../core/contract/model-card.ts';
import type { ExportedWeights, ImportedWeights, WeightsInspection } from '../../core/contract/weights.ts';
import { layoutsOf } from '../../core/weights/layouts.ts';
import type { WeightsReport } from '../../core/weights/match.ts';
import { writeError } from '../datasets/write-error.ts';
import type { Summary } from '../jobs/job.ts';
import { type ReadWeightsSetup, usualPixels, type WriteWeightsSetup } from '../jobs/weights.ts';
import { sha256Of } from '../models/files.ts';
import { runJob } from '../workers/run.ts';
import { abortSignal } from './abort.ts';
import type { Context } from './context.ts';
import { freeModelId, installModel } from './install-model.ts';
import type { Runs } from './runs.ts';
import { chooseCheckpoint } from './runs-checkpoints.ts';

/** Checkpoints of PyTorch, in and out. Errors: those of reading weights, of an import of a model and of runs' checkpoints. */
export interface Weights {
  inspect(input: Parsed<'weights.inspect'>, signal: AbortSignalLike): Promise<WeightsInspection>;
  import(input: Parsed<'weights.import'>, signal: AbortSignalLike): Promise<ImportedWeights>;
  export(input: Parsed<'weights.export'>, signal: AbortSignalLike): Promise<ExportedWeights>;
}

/** Cosine that is taken for the same person: nothing was measured. */
const guessedThreshold = 0.3;
/** What `readWeightsJob` compares takes less than a second. */
const threads = 1;

export function openWeights(context: Context, runs: Runs): Weights {
  const work = (
    kind: string,
    setup: ReadWeightsSetup | WriteWeightsSetup,
    host: Record<string, (input: never) => unknown>,
    signal: AbortSignalLike,
  ): Promise<Summary> =>
    runJob({
      ...{ entry: context.workerEntry, kind, setup, host, signal: abortSignal(signal) },
      onProgress: () => {},
      onLog: () => {},
    });
  const read = async (
    setup: Omit<ReadWeightsSetup, 'threads'>,
    signal: AbortSignalLike,
  ): Promise<{ readonly report: WeightsReport; readonly summary: Summary }> => {
    let told: WeightsReport | null = null;
    const fitted = (report: WeightsReport): void => {
      told = report;
    };
    const summary = await work('read-weights', { ...setup, threads }, { fitted }, signal);
    return { report: defined<WeightsReport>(told, 'how the file fits'), summary };
  };
  return {
    inspect: async ({ path, backbone, size }, signal) => {
      const file = resolve(path);
      const { report } = await read({ path: file, backbone, size, out: null, pixels: null }, signal);
      const whole = report.matched === report.wanted;
      return { ...report, path: file, whole, pixels: usualPixels(report.layout) };
    },
    import: async (input, signal) => {
      const { backbone, size, pixels, install } = input;
      const path = resolve(input.path);
      const name = basename(path, extname(path));
      const id = input.model ?? freeModelId(context, name);
      const staging = join(context.shelf.importedDir, `.weights-${id}.part`);
      const out = input.out === null ? join(staging, `${id}.onnx`) : resolve(input.out);
      await mkdir(dirname(out), { recursive: true }).catch((thrown: unknown) => {
        throw writeError(out, thrown);
      });
      try {
        const { report, summary } = await read({ path, backbone, size, out, pixels }, signal);
        const { parity = Number.NaN, bytes = 0 } = summary;
        if (!install) return { report, model: null, path: out, bytes, parity };
        const made = { id, name, file: basename(path), sha256: await sha256Of(out) };
        const installed = await installModel(context, out, cardOf(made, report, pixels));
        const model = defined(
          context.shelf.list().find(({ card }) => card.id === id),
          `the model ${id}`,
        );
        return { report, model, path: input.out === null ? installed : out, bytes, parity };
      } finally {
        await rm(staging, { recursive: true, force: true });
      }
    },
    export: async (input, signal) => {
      const run = runs.require(input.run);
      const checkpoint = chooseCheckpoint(context, run, input.checkpoint);
      const [usual = 'lineament'] = layoutsOf(run.recipe.network.backbone);
      const layout = input.layout ?? usual;
      const path = resolve(input.path);
      context.plugins.permit(run.recipe);
      const setup: WriteWeightsSetup = {
        ...{ recipe: run.recipe, path, layout, backbonesDir: context.backbones.dir },
        pluginsDir: context.plugins.keptDir,
        checkpoint: join(runs.files(run.id).checkpoints, checkpoint.file),
      };
      const { bytes = 0, tensors = 0 } = await work('write-weights', setup, {}, signal);
      return { path, layout, step: checkpoint.step, bytes, tensors };
    },
  };
}

function cardOf(
  made: { readonly id: string; readonly name: string; readonly file: string; readonly sha256: string },
  report: WeightsReport,
  pixels: Parsed<'weights.import'>['pixels'],
): EmbeddingCard {
  const { order, mean, deviation } = pixels ?? usualPixels(report.layout);
  const { backbone, size, embedding, layout, matched, numbers, unused } = report;
  const facts = Object.entries(report.facts).map(([name, value]) => `${name} ${value}`);
  const notes = [
    `${backbone} with the weights of ${made.file} (layout ${layout}): ${matched} tensors, ${numbers} numbers.`,
    ...(facts.length > 0 ? [`The file says: ${facts.join(', ')}.`] : []),
    ...(unused.length > 0 ? [`Left out: ${unused.length} other tensors, such as ${unused[0]}.`] : []),
    `How pixels become numbers is ${pixels === null ? 'as usual with that layout' : 'as was stated'}; the threshold of ${guessedThreshold} is a guess.`,
  ];
  return embeddingCard.parse({
    ...{ id: made.id, name: made.name, sha256: made.sha256, notes: notes.join('\n') },
    task: 'embedding',
    source: `the PyTorch checkpoint ${made.file}`,
    input: {
      ...{ width: size, height: size, layout: 'nchw', colour: order, scale: 1 },
      ...{ mean: [mean], std: [deviation] },
    },
    size: embedding,
    threshold: guessedThreshold,
  });
}
