import { error } from '../../../src/core/base/errors.ts';
import type { Handlers, MethodName, Parsed } from '../../../src/core/contract/api.ts';
import type {
  EvaluationCurves,
  FailedPair,
  LeakCount,
  Subject,
} from '../../../src/core/contract/evaluations.ts';
import type { Model } from '../../../src/core/contract/models.ts';
import { rocCurve } from '../../../src/core/metrics/curves.ts';
import { scoreHistogram } from '../../../src/core/metrics/histogram.ts';
import { operatingPoint } from '../../../src/core/metrics/operating-point.ts';
import { tarAt } from '../../../src/core/metrics/tar-at-far.ts';
import { logAxis, thinRoc } from '../../../src/core/metrics/thin.ts';
import { imageOf } from './fake-benchmarks.ts';
import { type FakeEvaluations, type Kept, optionsOf, subjectOf } from './fake-evaluations.ts';
import { leftOut, rankedOf, type Scored, scoresOf } from './fake-measure.ts';
import type { FakeJobs } from './jobs.ts';
import { record } from './journal.ts';
import { known, type World } from './world.ts';

type Mine = Extract<MethodName, `evaluations.${string}`>;
type Place = Parsed<'evaluations.at'>['at'];

/** Evaluations in memory: seeded scores, true figures. */
export function evaluationHandlers(
  world: World,
  jobs: FakeJobs,
  kept: FakeEvaluations,
  models: () => readonly Model[],
): Pick<Handlers, Mine> {
  const one = (id: number): Kept => known(kept.results, id, 'evaluation');
  const scoresFor = (result: Kept): Scored => {
    const benchmark = known(kept.benchmarks, result.benchmark.id ?? 0, 'benchmark');
    return scoresOf(benchmark, result.subject, result.protocol, leftOut({ ...result, benchmark }));
  };
  const thresholdAt = (result: Kept, scored: Scored, at: Place): number => {
    if ('threshold' in at) return at.threshold;
    const ranked = rankedOf(scored, result.protocol);
    const { threshold } = tarAt(ranked, at.far);
    if (threshold === null)
      throw error('evaluation/no-threshold', { far: at.far, pairs: ranked.others.length });
    return threshold;
  };

  const subjects = (wish: Parsed<'evaluations.start'>): Subject[] => {
    const nameOf = (id: string): string => models().find(({ card }) => card.id === id)?.card.name ?? id;
    return [
      ...wish.models.map((id) => subjectOf(nameOf(id), [id])),
      ...wish.runs.flatMap(({ run, checkpoint }) => {
        const found = known(world.runs, run, 'run');
        const steps =
          checkpoint === 'all'
            ? found.checkpoints.map(({ step }) => step)
            : [typeof checkpoint === 'number' ? checkpoint : (found.best?.step ?? found.step)];
        return steps.map((step) =>
          subjectOf(`${found.name}, step ${step}`, [], { run, name: found.name, step }),
        );
      }),
      ...wish.files.map((file) => subjectOf(file.split('/').at(-1) ?? file, [file])),
      ...wish.ensembles.map((parts) => subjectOf(parts.map(nameOf).join(' + '), parts)),
    ];
  };
  const leakOf = (wish: Parsed<'evaluations.start'>, subject: Subject, pairs: number): LeakCount | null => {
    const id = subject.run === null ? wish.trainedOn : world.runs.get(subject.run.run)?.version.id;
    const version = id ? world.versions.get(id) : undefined;
    if (wish.leaks === 'ignore' || version === undefined) return null;
    const { name, hash } = version;
    return { version: { id: version.id, name, hash }, pictures: 14, people: 6, pairs: Math.ceil(pairs / 23) };
  };

  return {
    'evaluations.start': (wish) => {
      const who = subjects(wish);
      const lists = wish.benchmarks.map((id) => known(kept.benchmarks, id, 'benchmark'));
      const total = who.length * lists.length * wish.protocols.length;
      if (total === 0) throw error('app/internal', { detail: 'nothing was chosen to be measured' });
      const title = `Measure ${who.length === 1 ? who[0]?.name : `${who.length} networks`}`;
      return jobs.start('evaluate', title, null, total, 'measurements', () => {
        for (const subject of who)
          for (const benchmark of lists)
            for (const protocol of wish.protocols)
              kept.measure({
                ...{ benchmark, subject, protocol, leak: leakOf(wish, subject, benchmark.pairs.length) },
                options: optionsOf(protocol, wish.leaks, wish.flip),
              });
        kept.changed('evaluations');
      });
    },
    'evaluations.list': ({ benchmark }) =>
      [...kept.results.values()]
        .filter((result) => benchmark === null || result.benchmark.id === benchmark)
        .reverse(),
    'evaluations.get': ({ evaluation }) => ({ ...one(evaluation) }),
    'evaluations.remove': ({ evaluations }) => {
      for (const id of evaluations) kept.results.delete(id);
      kept.changed('evaluations');
    },
    'evaluations.curves': ({ evaluations }) =>
      evaluations.map((id): EvaluationCurves => {
        const result = one(id);
        const scored = scoresFor(result);
        const curve = rocCurve(rankedOf(scored, result.protocol));
        const thin = curve === null ? null : thinRoc(curve, { x: logAxis(1e-6) });
        const range = result.protocol === 'evolve' ? ([0, 4] as const) : ([-0.5, 1] as const);
        const { from, to, same, others } = scoreHistogram(scored, { bins: 60, range });
        return {
          id,
          roc: thin
            ? Array.from(thin.far, (far, i) => [far, thin.tar[i] ?? 0, thin.thresholds[i] ?? 0] as const)
            : [],
          same: { from, to, counts: [...same] },
          different: { from, to, counts: [...others] },
        };
      }),
    'evaluations.at': ({ evaluation, at }) => {
      const result = one(evaluation);
      const scored = scoresFor(result);
      const ranked = rankedOf(scored, result.protocol);
      const threshold = thresholdAt(result, scored, at);
      const found = operatingPoint(ranked, threshold);
      return {
        ...{ threshold, tar: found.tar ?? 0, far: found.far ?? 0, accuracy: found.accuracy ?? 0 },
        ...{ falseAccepts: found.falseAccepts, falseRejects: found.positives - found.trueAccepts },
      };
    },
    'evaluations.failures': ({ evaluation, at, kind, offset, limit }) => {
      const result = one(evaluation);
      const benchmark = known(kept.benchmarks, result.benchmark.id ?? 0, 'benchmark');
      const every = scoresOf(benchmark, result.subject, result.protocol, () => false);
      const threshold = thresholdAt(result, scoresFor(result), at);
      const sign = result.protocol === 'evolve' ? -1 : 1;
      const wrong = every.places.flatMap((pair, i): { pair: number; score: number; by: number }[] => {
        const score = every.scores[i] ?? 0;
        const marked = benchmark.marked.has(pair);
        const by = (score - threshold) * sign * (every.same[i] === 1 ? -1 : 1);
        const wanted =
          kind === 'marked'
            ? marked
            : !marked &&
              (every.same[i] === 1
                ? kind === 'false-rejects' && by >= 0
                : kind === 'false-accepts' && by > 0);
        return wanted ? [{ pair, score, by }] : [];
      });
      wrong.sort((a, b) => b.by - a.by);
      const items = wrong.slice(offset, offset + limit).flatMap(({ pair, ...said }): FailedPair[] => {
        const found = benchmark.pairs[pair];
        if (found === undefined) return [];
        const { a, b, same, fold, group } = found;
        const images = [imageOf(world, benchmark.info, a), imageOf(world, benchmark.info, b)] as const;
        return [{ pair, same, ...said, fold, group, marked: benchmark.marked.has(pair), images }];
      });
      return { offset, total: wrong.length, threshold, items };
    },
    'evaluations.mark': ({ benchmark, pairs, marked }) => {
      const found = known(kept.benchmarks, benchmark, 'benchmark');
      const put = (on: boolean) => (): void => {
        for (const pair of pairs) {
          if (on) found.marked.add(pair);
          else found.marked.delete(pair);
        }
        found.info.marked = found.marked.size;
        for (const result of kept.results.values())
          if (result.benchmark.id === benchmark) result.outdated = true;
        kept.changed('benchmarks', 'evaluations', 'journal');
      };
      const what = `${pairs.length} ${pairs.length === 1 ? 'pair' : 'pairs'} of ${found.info.name}`;
      record(world, `${marked ? 'Mark' : 'Unmark'} ${what} as mislabelled`, put(marked), put(!marked));
    },
    'evaluations.leaks': ({ benchmark, version }) => {
      const { name, hash } = known(world.versions, version, 'version');
      const { info } = known(kept.benchmarks, benchmark, 'benchmark');
      const nearest = Array.from({ length: Math.min(20, info.images) }, (_, i) => {
        const image = imageOf(world, info, i * 3);
        const twin = imageOf(world, info, i * 3 + 1);
        const same = i < 14 ? ('picture' as const) : ('person' as const);
        return {
          image: image.index,
          crop: image.crop ?? '',
          versionCrop: (same === 'picture' ? image : twin).crop ?? '',
          similarity: 0.999 - i * 0.02,
          same,
        };
      });
      return {
        ...{ version: { id: version, name, hash }, pictures: 14, people: 6, by: 'feature-512' },
        ...{ pairs: Math.ceil(info.pairs / 23), benchmark, nearest },
      };
    },
    'evaluations.report': ({ evaluations, format, path }) => {
      const rows = evaluations?.map(one) ?? [...kept.results.values()];
      const text = [
        'network,benchmark,protocol,accuracy',
        ...rows.map(({ subject, benchmark, protocol, verification }) =>
          [subject.name, benchmark.name, protocol, verification?.accuracy.value ?? ''].join(),
        ),
      ].join('\n');
      return { text, file: path ?? `/home/ada/.local/share/lineament/reports/results.${format}` };
    },
  };
}
