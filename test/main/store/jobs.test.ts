import { describe, expect, it } from 'vitest';
import { jobKinds } from '../../../src/core/contract/jobs.ts';
import {
  addJob,
  clearJobs,
  getJob,
  listJobs,
  nextQueued,
  pauseInterrupted,
  saveJob,
  waitingFor,
} from '../../../src/main/store/jobs.ts';
import { inStore, problem } from './support.ts';

describe('jobs', () => {
  const job = {
    kind: 'align',
    title: 't',
    datasetId: null,
    input: { a: 1 },
    unit: 'photographs',
    at: 5,
  } as const;

  it('wait in turn, are saved with everything, and are paused where they were broken off', () => {
    inStore((store) =>
      store.write((writer) => {
        const [first, second] = [addJob(writer, job), addJob(writer, job)];
        expect(nextQueued(writer, jobKinds)?.id).toBe(first.id);
        const running = {
          ...first,
          state: 'running' as const,
          ...{ done: 3, total: 9, startedAt: 6, logTail: ['a'], summary: { photos: 3 } },
        };
        saveJob(writer, running);
        expect(getJob(writer, first.id)).toEqual(running);
        expect(nextQueued(writer, jobKinds)?.id).toBe(second.id);
        expect(pauseInterrupted(writer, problem)).toBe(2);
        expect(listJobs(writer).map(({ id, state, error }) => [id, state, error?.code])).toEqual([
          [second.id, 'paused', problem.code],
          [first.id, 'paused', problem.code],
        ]);
        saveJob(writer, { ...running, state: 'done' });
        clearJobs(writer);
        expect(listJobs(writer).map(({ id }) => id)).toEqual([second.id]);
        expect(nextQueued(writer, jobKinds)).toBeNull();
      }),
    );
  });
});

describe('jobs that wait for others', () => {
  const job = { kind: 'embed', title: 't', datasetId: null, input: {}, unit: 'faces', at: 5 } as const;

  it('begin when those are done, and go on waiting while those may be continued', () => {
    inStore((store) =>
      store.write((writer) => {
        const first = addJob(writer, job);
        const second = addJob(writer, { ...job, after: first.id });
        saveJob(writer, { ...first, state: 'failed' });
        expect(nextQueued(writer, jobKinds)).toBeNull();
        clearJobs(writer);
        expect(waitingFor(writer, first.id).map(({ id }) => id)).toEqual([second.id]);
        expect(nextQueued(writer, jobKinds)).toBeNull();
        expect(pauseInterrupted(writer, problem)).toBe(0);
        saveJob(writer, { ...first, state: 'done' });
        expect(nextQueued(writer, jobKinds)?.id).toBe(second.id);
        clearJobs(writer);
        expect(nextQueued(writer, jobKinds)?.id).toBe(second.id);
      }),
    );
  });
});
