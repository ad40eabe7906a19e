import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { assert } from '../../core/base/assert.ts';
import { Cancelled, error } from '../../core/base/errors.ts';
import type { AbortSignalLike, Parsed } from '../../core/contract/api.ts';
import type { Subject } from '../../core/contract/evaluations.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { ModelPlace } from '../jobs/align.ts';
import { cardBeside } from '../models/import.ts';
import { listCheckpoints } from '../store/run-records.ts';
import type { StoredRun } from '../store/runs.ts';
import { versionsByHash } from '../store/versions.ts';
import type { Context } from './context.ts';
import { freeModelId, installModel } from './install-model.ts';
import type { Runs } from './runs.ts';
import { chooseCheckpoint } from './runs-checkpoints.ts';
import type { RunExporter } from './runs-export.ts';

export type EvaluationWish = Parsed<'evaluations.start'>;

/** What is measured, with its models and the versions that they were trained on, as far as that is known. */
export interface MeasuredSubject {
  readonly subject: Subject;
  readonly parts: readonly ModelPlace<EmbeddingCard>[];
  readonly versions: readonly number[];
}

export interface SubjectNeeds {
  readonly runs: Runs;
  readonly exporter: RunExporter;
}

/** Under what a checkpoint is kept among the models; once for each step. */
export function checkpointModel(run: number, step: number): string {
  return `run-${run}-step-${step}`;
}

/** The model of a checkpoint, which is exported if it was not. Errors: those of an export. */
export async function modelOfCheckpoint(
  { shelf }: Pick<Context, 'shelf'>,
  exporter: RunExporter,
  run: number,
  step: number,
  signal: AbortSignalLike,
): Promise<string> {
  const id = checkpointModel(run, step);
  if (!shelf.list().some(({ card }) => card.id === id))
    await exporter.export({ run, checkpoint: step, path: null, model: id, install: true }, signal);
  return id;
}

/** The run and step of a model that was exported to be measured. */
function runOf({ runs }: Pick<SubjectNeeds, 'runs'>, id: string): Subject['run'] {
  const [, run, step] = /^run-(\d+)-step-(\d+)$/.exec(id) ?? [];
  const found = runs.list().find((one) => one.id === Number(run));
  return found === undefined ? null : { run: found.id, name: found.name, step: Number(step) };
}

/** The version that a model's card says it was trained on; none where it says nothing, or that is not here. */
function versionsOf({ store }: Pick<Context, 'store'>, { source }: EmbeddingCard): number[] {
  const [, hash] = /\bdataset version ([0-9a-f]{64})\b/.exec(source) ?? [];
  return hash === undefined ? [] : versionsByHash(store, hash).map(({ id }) => id);
}

/** A model, or several whose embeddings are put together. Error: `model/not-found`. */
export function subjectOf(
  context: Pick<Context, 'store' | 'shelf'>,
  needs: Pick<SubjectNeeds, 'runs'>,
  models: readonly string[],
): MeasuredSubject {
  const parts = models.map((id) => context.shelf.embedding(id));
  const [first] = parts;
  assert(first !== undefined, 'a subject has a model');
  const versions = [...new Set(parts.flatMap(({ card }) => versionsOf(context, card)))];
  if (parts.length === 1) {
    const { id, name, sha256 } = first.card;
    const run = runOf(needs, id);
    const called = run === null ? name : `${run.name}, step ${run.step}`;
    return { parts, versions, subject: { hash: sha256, name: called, models: [id], run } };
  }
  // The mean of cosines does not ask for an order.
  const hashes = parts.map(({ card }) => card.sha256).sort();
  const hash = createHash('sha256')
    .update(`ensemble\n${hashes.join('\n')}\n`)
    .digest('hex');
  const name = parts.map(({ card }) => card.name).join(' + ');
  return { parts, versions, subject: { hash, name, models: [...models], run: null } };
}

/** ONNX files of a folder, or the file itself. Errors: `engine/model-missing`, `evaluation/no-models`. */
async function modelFilesAt(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw error('engine/model-missing', { path });
  if (!info.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => extname(name) === '.onnx').sort();
  if (names.length === 0) throw error('evaluation/no-models', { path });
  return names.map((name) => join(path, name));
}

/** The model of a file, which is imported by its card unless it is there. Errors: those of an import. */
async function modelOfFile(context: Context, path: string): Promise<string> {
  const card = await cardBeside(path);
  if (card.task !== 'embedding')
    throw error('model/bad-card', {
      path,
      detail: `task: ${card.task}, and only embeddings can be measured`,
    });
  const there = context.shelf
    .list()
    .find((model) => model.card.task === 'embedding' && model.card.sha256 === card.sha256);
  if (there !== undefined) return there.card.id;
  const id = freeModelId(context, card.id);
  await installModel(context, path, { ...card, id }, false);
  return id;
}

/** What could not be made ready, and why. */
export type Refuse = (what: string, reason: unknown) => void;

/**
 * Everything of a wish that can be measured, each once: checkpoints are exported, files imported. What can't be made
 * ready is told to `refuse` and passed over. Throws `Cancelled`.
 */
export async function measuredSubjects(
  context: Context,
  needs: SubjectNeeds,
  wish: EvaluationWish,
  signal: AbortSignalLike,
  refuse: Refuse,
): Promise<MeasuredSubject[]> {
  const found: MeasuredSubject[] = [];
  const attempt = async <T>(what: string, work: () => T | Promise<T>): Promise<T | null> => {
    if (signal.aborted) throw new Cancelled();
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof Cancelled || signal.aborted) throw thrown;
      refuse(what, thrown);
      return null;
    }
  };
  const add = (what: string, models: () => Promise<readonly string[]>): Promise<unknown> =>
    attempt(what, async () => found.push(subjectOf(context, needs, await models())));
  for (const id of wish.models) await add(id, async () => [id]);
  for (const { run, checkpoint } of wish.runs) {
    const steps = await attempt(`run ${run}`, () => stepsOf(context, needs.runs.require(run), checkpoint));
    for (const step of steps ?? [])
      await add(checkpointModel(run, step), async () => [
        await modelOfCheckpoint(context, needs.exporter, run, step, signal),
      ]);
  }
  for (const path of wish.files) {
    const files = await attempt(path, () => modelFilesAt(resolve(path)));
    for (const file of files ?? []) await add(file, async () => [await modelOfFile(context, file)]);
  }
  for (const models of wish.ensembles) await add(models.join(' + '), async () => models);
  const once = new Map(found.map((one) => [one.subject.hash, one]));
  return [...once.values()];
}

/** The steps of the checkpoints that are wanted. Error: `run/no-checkpoint`. */
function stepsOf(
  context: Pick<Context, 'store'>,
  run: StoredRun,
  wanted: EvaluationWish['runs'][number]['checkpoint'],
): number[] {
  if (wanted !== 'all') return [chooseCheckpoint(context, run, wanted).step];
  const all = listCheckpoints(context.store, run.id).map(({ step }) => step);
  return all.length > 0 ? all : [chooseCheckpoint(context, run, 'last').step];
}
