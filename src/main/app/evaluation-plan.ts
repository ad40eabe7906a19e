import type { EvaluationOptions, ProtocolName } from '../../core/contract/evaluations.ts';
import { protocols } from '../../core/metrics/protocols.ts';
import type { StoredBenchmark } from '../store/benchmarks.ts';
import type { Reader } from '../store/database.ts';
import { resultsOf, type StoredResult } from '../store/evaluations.ts';
import { marksNow } from './evaluation-marks.ts';
import type { EvaluationWish, MeasuredSubject } from './evaluation-subjects.ts';

/** One subject on one benchmark by one protocol. */
export interface Measurement {
  readonly subject: MeasuredSubject;
  readonly benchmark: StoredBenchmark;
  readonly protocol: ProtocolName;
  readonly options: EvaluationOptions;
  /** Versions that are looked at for leaks. */
  readonly versions: readonly number[];
}

/** Whether a protocol adds the mirrored crop's embedding: it says so itself, or lets one choose. */
export function flips(protocol: ProtocolName, wished: boolean): boolean {
  const { flip, mayFlip } = protocols[protocol];
  return mayFlip ? wished : flip;
}

function optionsOf(
  wish: EvaluationWish,
  protocol: ProtocolName,
  versions: readonly number[],
): EvaluationOptions {
  const { flip, resamples, seed, leaks } = wish;
  const [version = null, second] = versions;
  return {
    flip: flips(protocol, flip),
    ...{ resamples, seed, leaks },
    trainedOn: second === undefined ? version : null,
  };
}

const sameOptions = (one: EvaluationOptions, other: EvaluationOptions): boolean =>
  one.flip === other.flip &&
  one.resamples === other.resamples &&
  one.seed === other.seed &&
  one.leaks === other.leaks &&
  one.trainedOn === other.trainedOn;

/** Everything of a wish that is not measured yet, subject by subject. `since`: measured again are results before it. */
export function planned(
  store: Reader,
  wish: EvaluationWish,
  subjects: readonly MeasuredSubject[],
  benchmarks: readonly StoredBenchmark[],
  since: number,
): { readonly measurements: readonly Measurement[]; readonly known: number } {
  const marks = new Map(benchmarks.map(({ id }) => [id, marksNow(store, id)]));
  const holds = ({ createdAt, figures }: StoredResult, { id }: StoredBenchmark): boolean =>
    figures.marks === marks.get(id) && (!wish.again || createdAt >= since);
  const all = subjects.flatMap((subject) =>
    benchmarks.flatMap((benchmark) =>
      [...new Set(wish.protocols)].map((protocol): Measurement => {
        const versions = subject.versions.length > 0 ? subject.versions : [wish.trainedOn ?? []].flat();
        const looked = wish.leaks === 'ignore' ? [] : versions;
        const options = optionsOf(wish, protocol, looked);
        return { subject, benchmark, protocol, options, versions: looked };
      }),
    ),
  );
  const measurements = all.filter(({ subject, benchmark, protocol, options }) => {
    const there = resultsOf(store, subject.subject.hash, benchmark.hash ?? '', protocol);
    return !there.some((result) => sameOptions(result.options, options) && holds(result, benchmark));
  });
  return { measurements, known: all.length - measurements.length };
}
