import { availableParallelism } from 'node:os';
import { assert } from '../../../core/base/assert.ts';
import { Cancelled, LineamentError, toErrorInfo } from '../../../core/base/errors.ts';
import { evaluationWish, type LeakCount } from '../../../core/contract/evaluations.ts';
import type { EvaluateHost, EvaluateSetup, EvaluateTask } from '../../jobs/evaluate-protocol.ts';
import { addResult } from '../../store/evaluations.ts';
import { getSettings } from '../../store/settings.ts';
import { runJob } from '../../workers/run.ts';
import { requireReady } from '../benchmarks.ts';
import type { Context } from '../context.ts';
import {
  embedBenchmark,
  embeddedRows,
  missingCrops,
  type WantedEmbeddings,
} from '../evaluation-embeddings.ts';
import { type LeakFinder, leaksOf } from '../evaluation-leaks.ts';
import { type Measurement, planned } from '../evaluation-plan.ts';
import { measuredSubjects, type SubjectNeeds } from '../evaluation-subjects.ts';
import { type MadeTask, taskMaker, weightOf } from '../evaluation-tasks.ts';
import type { JobReport, JobRunner } from '../queue.ts';

/** A measurement under way: what was computed for it, and what it leaves out. */
interface Current {
  readonly measurement: Measurement;
  readonly startedAt: number;
  readonly embedded: number;
  readonly leak: LeakCount | null;
  readonly made: MadeTask;
}

const wantedOf = ({ subject, benchmark, options }: Measurement): WantedEmbeddings[] =>
  subject.parts.map((model) => ({ model, benchmark: benchmark.id, mirrored: options.flip }));

/** Those with the mirrored crop's come first, since those without come along with them. */
function mirroredFirst(measurements: readonly Measurement[]): Measurement[] {
  const groups = Map.groupBy(
    measurements,
    ({ subject, benchmark }) => `${subject.subject.hash} ${benchmark.id}`,
  );
  return [...groups.values()].flatMap((group) => [
    ...group.filter(({ options }) => options.flip),
    ...group.filter(({ options }) => !options.flip),
  ]);
}

/** How many embeddings are missing in all; each model's of each benchmark counted once. */
function countMissing(context: Context, measurements: readonly Measurement[]): number {
  const counted = new Map<string, Set<string>>();
  for (const wanted of measurements.flatMap(wantedOf)) {
    const key = `${wanted.model.card.id} ${wanted.benchmark}`;
    const crops = counted.get(key) ?? new Set();
    for (const crop of missingCrops(context, wanted)) crops.add(crop);
    counted.set(key, crops);
  }
  return [...counted.values()].reduce((sum, crops) => sum + crops.size, 0);
}

/**
 * Measures every subject of a wish on every benchmark by every protocol. What can't be measured is told in the log and
 * passed over; where nothing could be, the job fails with the first reason. Continuing passes over what is measured.
 */
export function evaluateRunner(
  context: Context,
  needs: SubjectNeeds & { readonly leaks: LeakFinder },
): JobRunner {
  const { store, events, shelf, workerEntry } = context;
  return async (job, report) => {
    const wish = evaluationWish.parse(JSON.parse(job.input));
    const lines: string[] = [];
    let failure: unknown = null;
    let failed = 0;
    const refuse = (what: string, reason: unknown): void => {
      failure ??= reason;
      failed++;
      lines.push(`${what}: ${toErrorInfo(reason).message}`);
      report.log(lines.slice(-40));
    };
    const inner: JobReport = { ...report, log: (more) => report.log([...lines, ...more].slice(-40)) };

    const subjects = await measuredSubjects(context, needs, wish, report.signal, refuse);
    const benchmarks = [...new Set(wish.benchmarks)].map((id) => requireReady(store, id));
    const { measurements, known } = planned(store, wish, subjects, benchmarks, job.createdAt);
    const queue = mirroredFirst(measurements);
    const total = countMissing(context, queue) + queue.reduce((sum, one) => sum + weightOf(one), 0);
    let done = 0;
    const progress = (more = 0): void => report.progress(done + more, total);
    progress();

    const verified = new Map<string, Promise<void>>();
    const makeTask = taskMaker(context);
    let embeddedInAll = 0;
    let current: Current | null = null;
    const prepare = async (measurement: Measurement): Promise<EvaluateTask> => {
      const startedAt = performance.now();
      const { benchmark, versions, options } = measurement;
      const wanted = wantedOf(measurement);
      let embedded = 0;
      for (const one of wanted) {
        const { id } = one.model.card;
        const check = verified.get(id) ?? shelf.verify(id);
        verified.set(id, check);
        await check;
        const before = done;
        embedded += await embedBenchmark(context, one, inner, (saved) => {
          done = before + saved;
          progress();
        });
      }
      embeddedInAll += embedded;
      const leaks = await leaksOf(needs.leaks, benchmark, versions, { signal: inner.signal, log: inner.log });
      const excluded = options.leaks === 'exclude' ? (leaks?.images ?? null) : null;
      const parts = wanted.map((one) => embeddedRows(context, one));
      const made = makeTask(measurement, parts, excluded);
      current = {
        ...{ measurement, startedAt, embedded, made, leak: leaks?.count ?? null },
      };
      return made.task;
    };
    const tasks = (async function* () {
      for (const measurement of queue) {
        const { subject, benchmark } = measurement;
        try {
          yield await prepare(measurement);
        } catch (thrown) {
          if (thrown instanceof Cancelled || report.signal.aborted || !(thrown instanceof LineamentError))
            throw thrown;
          refuse(`${subject.subject.name} on ${benchmark.name}`, thrown);
        }
        done += weightOf(measurement);
        progress();
      }
    })();
    const host: EvaluateHost = {
      next: async () => (await tasks.next()).value ?? null,
      save: async ({ scores, ...measured }) => {
        assert(current !== null, 'something is measured');
        const { measurement, startedAt, embedded, leak, made } = current;
        const { marks, lost, marked, leaked, leftOut } = made;
        const { subject, benchmark, protocol, options } = measurement;
        const { id, name, hash, kind } = benchmark;
        const figures = {
          ...{ ...measured, leak, marks, lost, marked, leaked, embedded },
          seconds: (performance.now() - startedAt) / 1000,
        };
        store.write((writer) =>
          addResult(
            writer,
            {
              ...{ subject: subject.subject, benchmark: { id, name, hash: hash ?? '', kind } },
              ...{ protocol, options, createdAt: context.now(), figures },
            },
            scores && { scores, leftOut },
          ),
        );
        events.changed('evaluations');
      },
      fail: async (info) => {
        const what = current?.measurement;
        refuse(`${what?.subject.subject.name} on ${what?.benchmark.name}`, new LineamentError(info));
      },
    };
    const setup: EvaluateSetup = { threads: getSettings(store).threads ?? availableParallelism() };
    const { measured = 0 } =
      queue.length === 0
        ? {}
        : await runJob({
            ...{ entry: workerEntry, kind: 'evaluate', setup, host: { ...host }, signal: report.signal },
            onProgress: (part, whole) => {
              const weight = current === null ? 0 : weightOf(current.measurement);
              progress(whole === null || whole === 0 ? 0 : (part / whole) * weight);
            },
            onLog: (more) => inner.log(more),
          });
    if (measured + known === 0 && failure !== null) throw failure;
    return { measured, known, failed, embedded: embeddedInAll };
  };
}
