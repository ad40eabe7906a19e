import { error } from '../../core/base/errors.ts';
import type {
  EvaluateTask,
  MegafaceTask,
  TemplatesTask,
  VerificationTask,
} from '../jobs/evaluate-protocol.ts';
import type { VectorRows } from '../jobs/load-vectors.ts';
import { imageColumns } from '../store/benchmark-crops.ts';
import { benchmarkMegaface, benchmarkTemplates } from '../store/benchmark-lists.ts';
import type { StoredBenchmark } from '../store/benchmarks.ts';
import type { Reader } from '../store/database.ts';
import { leftOut as reason } from '../store/evaluations.ts';
import type { Context } from './context.ts';
import { countOf, type LeakedImages, type PairList, pairList, verificationTask } from './evaluation-lists.ts';
import { marksHash } from './evaluation-marks.ts';
import type { Measurement } from './evaluation-plan.ts';

/** What a measurement counts in a job's progress, beside pictures that are embedded. */
export function weightOf({ benchmark }: Pick<Measurement, 'benchmark'>): number {
  return benchmark.kind === 'verification' ? 1 : Math.max(1, Math.round(benchmark.images / 50));
}

export interface MadeTask {
  readonly task: EvaluateTask;
  /** By pair; empty where there are no pairs of pictures. */
  readonly leftOut: Uint8Array;
  /** Of the pairs that are marked in it. */
  readonly marks: string;
  /** Pairs that are left out by reason; pictures where there are no pairs of these. */
  readonly lost: number;
  readonly marked: number;
  readonly leaked: number;
}

const noPairs = { leftOut: new Uint8Array(), marks: '', marked: 0 };

/** Persons by numbers; pictures of nobody known are each a person of their own. */
function peopleOf(names: readonly (string | null)[], images: Int32Array): Int32Array {
  const numbers = new Map<string, number>();
  return images.map((image, i) => {
    const name = names[image] ?? null;
    if (name === null) return -1 - i;
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
}

type Options = Pick<VerificationTask, 'protocol' | 'parts'>;

/** Of a list of probes and distractors. Pictures that the training data shares are taken out. */
function megafaceTask(
  store: Reader,
  { id, name }: StoredBenchmark,
  options: Options,
  leaked: LeakedImages | null,
): MegafaceTask {
  const stored = benchmarkMegaface(store, id);
  if (stored === null) throw error('evaluation/no-crops', { name });
  const { maskedProbes: masked, noisyProbes, noisyDistractors } = stored;
  const shown = (image: number): boolean => leaked === null || leaked[image] === 0;
  const kept = Int32Array.from(stored.probes.keys()).filter((i) => shown(stored.probes[i] ?? -1));
  const probes = kept.map((i) => stored.probes[i] ?? 0);
  return {
    ...{ kind: 'megaface', ...options, probes, noisyProbes, noisyDistractors },
    maskedProbes: masked && kept.map((i) => masked[i] ?? 0),
    people: peopleOf(imageColumns(store, id).people, probes),
    distractors: stored.distractors.filter(shown),
  };
}

/** Of a list of templates. Pictures that the training data shares are taken out of theirs. */
function templatesTask(
  store: Reader,
  { id, name }: StoredBenchmark,
  options: Options,
  leaked: LeakedImages | null,
): TemplatesTask {
  const stored = benchmarkTemplates(store, id);
  if (stored === null) throw error('evaluation/no-crops', { name });
  const { weights } = imageColumns(store, id);
  const { image, template, media } = stored.members;
  const kept = Int32Array.from(image.keys()).filter((i) => leaked === null || leaked[image[i] ?? -1] === 0);
  const at = (values: Int32Array): Int32Array => kept.map((i) => values[i] ?? 0);
  const images = at(image);
  const weighed = weights.some((weight) => weight !== null);
  return {
    ...{ kind: 'templates', ...options, pairs: stored.pairs, probes: stored.probes },
    members: {
      ...{ image: images, template: at(template), media: at(media) },
      weight: weighed ? Float32Array.from(images, (one) => weights[one] ?? 1) : null,
    },
    subjects: Int32Array.from(stored.templates, ({ subject }) => subject ?? -1),
    galleries: stored.galleries.map(({ templates }) => templates),
  };
}

/** Makes tasks of measurements; lists are read once for all that follow one another. */
export function taskMaker({
  store,
}: Pick<Context, 'store'>): (
  measurement: Measurement,
  parts: readonly VectorRows[],
  leaked: LeakedImages | null,
) => MadeTask {
  let pairs: { readonly benchmark: number; readonly list: PairList } | null = null;
  return ({ benchmark, protocol, options }, parts, leaked) => {
    const { resamples, seed } = options;
    if (benchmark.kind !== 'verification') {
      const make = benchmark.kind === 'megaface' ? megafaceTask : templatesTask;
      const task = make(store, benchmark, { protocol, parts }, leaked);
      const out = leaked?.filter((one) => one !== 0).length ?? 0;
      return { task, ...noPairs, lost: benchmark.problems, leaked: out };
    }
    if (pairs?.benchmark !== benchmark.id)
      pairs = { benchmark: benchmark.id, list: pairList(store, benchmark) };
    const task = verificationTask(pairs.list, parts, leaked, { protocol, resamples, seed });
    const out = task.leftOut;
    const numbers = { lost: countOf(out, reason.lost), marked: countOf(out, reason.marked) };
    return {
      ...{ task, leftOut: out, marks: marksHash(pairs.list.marked) },
      ...{ ...numbers, leaked: countOf(out, reason.leaked) },
    };
  };
}
