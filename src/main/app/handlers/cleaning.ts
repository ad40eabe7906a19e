import { error } from '../../../core/base/errors.ts';
import type { AbortSignalLike } from '../../../core/contract/api.ts';
import { listCleanings } from '../../store/cleanings.ts';
import { getReport, pageChanges } from '../../store/version-changes.ts';
import {
  applyCleaning,
  type CleaningWish,
  type OpenCleaning,
  openCleaning,
  previewCleaning,
  suspectPage,
} from '../cleanings.ts';
import type { Context } from '../context.ts';
import { modelOfCheckpoint } from '../evaluation-subjects.ts';
import type { JobQueue } from '../queue.ts';
import type { Runs } from '../runs.ts';
import { chooseCheckpoint } from '../runs-checkpoints.ts';
import type { RunExporter } from '../runs-export.ts';
import { takeBack } from '../take-back.ts';
import { requireVersion } from '../versions.ts';
import type { Part } from './part.ts';

interface Needs {
  readonly queue: JobQueue;
  readonly runs: Runs;
  readonly exporter: RunExporter;
}

export function cleaningHandlers(context: Context, { queue, runs, exporter }: Needs): Part<'cleaning'> {
  const { store, events, shelf } = context;
  /** The last one that was opened: pages of one list are asked for one after the other. */
  let last: { readonly key: string; readonly open: OpenCleaning } | null = null;
  const open = (id: number, limits: CleaningWish['limits']): OpenCleaning => {
    const key = JSON.stringify([id, limits, events.version('versions')]);
    if (last?.key !== key) last = { key, open: openCleaning(store, id, limits) };
    return last.open;
  };
  /** The model that a run's best checkpoint is exported as; once for each step. */
  const modelOf = async (run: number, signal: AbortSignalLike): Promise<string> => {
    const { step } = chooseCheckpoint(context, runs.require(run), 'best');
    return await modelOfCheckpoint(context, exporter, run, step, signal);
  };
  return {
    'cleaning.start': async ({ version, model, run }, { signal }) => {
      const { name, missing } = requireVersion(store, version);
      if (missing > 0) throw error('version/incomplete', { missing, name });
      const by = run === null ? model : await modelOf(run, signal);
      const input = { version, model: shelf.embedding(by).card.id };
      return queue.add({
        ...{ kind: 'clean', title: `Look at the names in ${name}`, datasetId: null, input, unit: 'pictures' },
      });
    },
    'cleaning.list': ({ version }) => {
      requireVersion(store, version);
      return listCleanings(store, version);
    },
    'cleaning.preview': ({ cleaning, ...wish }) => previewCleaning(open(cleaning, wish.limits), wish),
    'cleaning.suspects': ({ cleaning, limits, action, offset, limit }) =>
      suspectPage(open(cleaning, limits), action, offset, limit),
    'cleaning.apply': ({ cleaning, name, ...wish }) => {
      const made = applyCleaning({ store, shelf }, open(cleaning, wish.limits), wish, {
        name,
        at: context.now(),
      });
      events.changed('versions');
      return made;
    },
    'cleaning.report': ({ version }) => {
      requireVersion(store, version);
      return getReport(store, version);
    },
    'cleaning.changes': ({ version, action, offset, limit }) => {
      const { name } = requireVersion(store, version);
      if (getReport(store, version) === null) throw error('cleaning/no-report', { name });
      return { offset, ...pageChanges(store, version, action, offset, limit) };
    },
    'cleaning.takeBack': ({ version, changes, name }) => {
      const made = takeBack(store, version, changes, { name, at: context.now() });
      events.changed('versions');
      return made;
    },
  };
}
