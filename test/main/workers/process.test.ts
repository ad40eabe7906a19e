import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Cancelled, hasCode, type LineamentError } from '../../../src/core/base/errors.ts';
import { runJob, service } from '../../../src/main/workers/run.ts';

const entry = new URL('../../support/worker-entry.ts', import.meta.url);

function start(setup: string, signal = new AbortController().signal, more: { graceMs?: number } = {}) {
  const log: string[] = [];
  const result = runJob({
    ...{ entry, kind: 'test', setup, signal, ...more },
    host: { double: (input: number) => input * 2 },
    onProgress: () => {},
    onLog: (lines) => void log.splice(0, log.length, ...lines),
  });
  return { result, log };
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('resolved'),
    (thrown: unknown) => thrown,
  );

/** Whether a process of that number is there. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 200 && alive(pid); i++) await delay(25);
  return !alive(pid);
}

describe('runJob', () => {
  it('runs in a process of its own, which is gone afterwards', async () => {
    const { pid } = (await start('anything').result) as { pid: number };
    expect(pid).not.toBe(process.pid);
    expect(alive(pid)).toBe(false);
  });

  it('lets the job ask the application', async () => {
    expect(await start('ask the host').result).toEqual({ said: 42 });
  });

  it.each([
    ['exit', 'exit code 7', 'about to leave'],
    ['kill', 'signal SIGKILL', 'last words'],
    ['throw later', 'exit code', 'nobody catches this'],
  ])('names what became of a process that ends by itself (%s)', async (how, detail, words) => {
    const { result, log } = start(how);
    const caught = await failure(result);
    expect(hasCode(caught, 'job/worker-died')).toBe(true);
    expect((caught as LineamentError).values['detail']).toContain(detail);
    expect(log.join('\n')).toContain(words);
  });

  it('has the last lines in the message of its death, and no half lines', async () => {
    const { result, log } = start('kill');
    const caught = (await failure(result)) as LineamentError;
    expect(caught.message).toContain('last words');
    expect(log.toSorted()).toEqual(['first line', 'last words', 'second line']);
  });

  it('keeps a bounded tail of the log', async () => {
    const { result, log } = start('much log');
    await result;
    expect(log).toHaveLength(40);
    expect(log[0]).toBe('line 460 ');
    expect(log.at(-1)?.startsWith('line 499')).toBe(true);
    expect(log.at(-1)?.length).toBe(500);
  });

  it('does not start where it is cancelled already', async () => {
    expect(await failure(start('anything', AbortSignal.abort()).result)).toBeInstanceOf(Cancelled);
  });

  it('lets the job come to a safe point and save when it is stopped', async () => {
    const controller = new AbortController();
    const { result } = start('stop nicely', controller.signal);
    setTimeout(() => controller.abort(), 300);
    // It stopped of its own accord, so that what it reports counts.
    expect(await result).toEqual({ stopped: 1 });
  });

  it('waits for the safe point as long as it is told to, and no longer', async () => {
    const stopped = (graceMs: number): Promise<unknown> => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      return start('stop slowly', controller.signal, { graceMs }).result;
    };
    expect(await stopped(20_000)).toEqual({ stopped: 1 });
    expect(await failure(stopped(20))).toBeInstanceOf(Cancelled);
  });
});

describe('a service', () => {
  const make = (setups: string[]) =>
    service<{ [method: string]: (input: null) => unknown }>({
      entry,
      kind: 'test',
      idleMs: 60_000,
      setup: () => setups.shift() ?? 'last',
    });
  const ask = (from: ReturnType<typeof make>, method: string): Promise<unknown> =>
    from.use(async (methods) => await methods[method]?.(null));

  it('starts once, when it is first used, for all who use it', async () => {
    const serving = make(['first']);
    const [a, b] = await Promise.all([ask(serving, 'pid'), ask(serving, 'pid')]);
    expect(a).toBe(b);
    expect(await ask(serving, 'setup')).toBe('first');
    await serving.close();
    expect(await gone(a as number)).toBe(true);
    expect(hasCode(await failure(ask(serving, 'pid')), 'rpc/closed')).toBe(true);
  });

  it('starts again after it died', async () => {
    const serving = make(['first', 'second']);
    const before = await ask(serving, 'pid');
    expect(hasCode(await failure(ask(serving, 'kill')), 'job/worker-died')).toBe(true);
    expect(await ask(serving, 'setup')).toBe('second');
    expect(await ask(serving, 'pid')).not.toBe(before);
    await serving.close();
  });

  it('starts again after it could not be started', async () => {
    const serving = make(['fail', 'second']);
    expect((await failure(ask(serving, 'pid'))) as Error).toMatchObject({ code: 'app/internal' });
    expect(await ask(serving, 'setup')).toBe('second');
    await serving.close();
  });

  it('renews without breaking off what is under way', async () => {
    const serving = make(['first', 'second']);
    const old = (await ask(serving, 'pid')) as number;
    const slow = ask(serving, 'slow');
    serving.renew();
    expect(await ask(serving, 'setup')).toBe('second');
    expect(await slow).toBe('done');
    expect(await gone(old)).toBe(true);
    await serving.close();
  });
});
