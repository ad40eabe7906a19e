import { describe, expect, it } from 'vitest';
import { Cancelled, error, hasCode, LineamentError } from '../../../src/core/base/errors.ts';
import type { CallContext } from '../../../src/core/contract/api.ts';
import { connect } from '../../../src/core/contract/client.ts';
import { messageLimit } from '../../../src/core/contract/messages.ts';
import { portPair } from '../../../src/core/contract/port.ts';
import { connected, settle } from './support.ts';

/** Rejects when the signal is aborted, as handlers should. */
function untilAborted({ signal }: CallContext): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Cancelled());
    signal.addEventListener('abort', () => reject(new Cancelled()), { once: true });
  });
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );

describe('calls', () => {
  it('carries results, with the defaults of the input filled in', async () => {
    const { client } = connected({
      'datasets.list': ({ removed }) => (removed === false ? [] : [{} as never]),
    });
    expect(await client.call('datasets.list', {})).toEqual([]);
  });

  it('carries results of nothing and of null', async () => {
    const { client } = connected({ 'jobs.clear': () => undefined, 'journal.undo': () => null });
    expect(await client.call('jobs.clear', {})).toBeUndefined();
    expect(await client.call('journal.undo', {})).toBeNull();
  });

  it('matches answers that come out of order', async () => {
    const waiting: (() => void)[] = [];
    const { client } = connected({
      'faces.ids': ({ photo }) => new Promise((resolve) => waiting.push(() => resolve([photo ?? 0]))),
    });
    const calls = [1, 2, 3].map((photo) => client.call('faces.ids', { photo }));
    await settle();
    expect(waiting).toHaveLength(3);
    const order: number[] = [];
    calls.forEach((call, i) => void call.then(() => order.push(i + 1)));
    for (const answer of waiting.reverse()) {
      answer();
      await settle();
    }
    expect(await Promise.all(calls)).toEqual([[1], [2], [3]]);
    expect(order).toEqual([3, 2, 1]);
  });

  it('reports progress to the call that makes it, and not after its end', async () => {
    let late: () => void = () => {};
    const { client } = connected({
      'app.doctor': (_, { progress }) => {
        progress({ done: 1, total: 2, detail: 'half' });
        late = () => progress({ done: 2, total: 2, detail: 'late' });
        return [];
      },
      'files.places': () => [],
    });
    const seen: unknown[] = [];
    await Promise.all([
      client.call('app.doctor', {}, { onProgress: (progress) => seen.push(progress) }),
      client.call('files.places', {}, { onProgress: () => seen.push('another’s') }),
    ]);
    late();
    await settle();
    expect(seen).toEqual([{ done: 1, total: 2, detail: 'half' }]);
  });

  it('brings errors of the catalogue across with all they say', async () => {
    const thrown = error('dataset/exists', { name: 'Holidays “2019”' });
    const { client } = connected({
      'datasets.rename': () => {
        throw thrown;
      },
    });
    const caught = await failure(client.call('datasets.rename', { dataset: 1, name: 'x' }));
    expect(caught).toBeInstanceOf(LineamentError);
    expect((caught as LineamentError).info).toEqual(thrown.info);
    expect((caught as LineamentError).message).toContain('Holidays “2019”');
  });

  it('turns any other failure into app/internal', async () => {
    const { client } = connected({
      'jobs.clear': () => Promise.reject(new RangeError('off by one')),
    });
    const caught = await failure(client.call('jobs.clear', {}));
    expect(hasCode(caught, 'app/internal')).toBe(true);
    expect((caught as Error).message).toContain('off by one');
  });

  it('answers with an error where a result cannot be written down', async () => {
    const { client } = connected({ 'faces.ids': () => [1n] as never });
    expect(hasCode(await failure(client.call('faces.ids', {})), 'app/internal')).toBe(true);
  });

  it('names what is wrong with an input', async () => {
    const { client } = connected({});
    const caught = await failure(client.call('photos.get', { photo: -1 }));
    expect(hasCode(caught, 'rpc/bad-input')).toBe(true);
    expect((caught as Error).message).toMatch(/photos\.get.*photo/s);
  });

  it('keeps the complaint about a long bad list short', async () => {
    const { client } = connected({});
    const faces = Array.from({ length: 50_000 }, () => -1);
    const caught = await failure(client.call('faces.setState', { faces, state: 'kept' }));
    expect(hasCode(caught, 'rpc/bad-input')).toBe(true);
    expect((caught as Error).message.length).toBeLessThan(3000);
    expect((caught as Error).message).toContain('49995 more');
  });

  it('knows no methods but those of the contract', async () => {
    const { client } = connected({});
    for (const method of ['datasets.destroy', '__proto__', 'constructor', 'toString', '']) {
      const caught = await failure(client.call(method as 'jobs.clear', {}));
      expect(hasCode(caught, 'rpc/unknown-method'), method).toBe(true);
    }
  });
});

describe('cancelling', () => {
  it('before the call: nothing is sent', async () => {
    const { client, asked } = connected({});
    const signal = AbortSignal.abort();
    expect(await failure(client.call('jobs.clear', {}, { signal }))).toBeInstanceOf(Cancelled);
    expect(asked).toEqual([]);
  });

  it('while it runs: the handler’s signal is aborted', async () => {
    const { client } = connected({ 'jobs.wait': (_, context) => untilAborted(context) });
    const controller = new AbortController();
    const call = failure(client.call('jobs.wait', { job: 1 }, { signal: controller.signal }));
    await settle();
    controller.abort();
    expect(await call).toBeInstanceOf(Cancelled);
  });

  it('at once after calling: the cancel overtakes nothing', async () => {
    const { client } = connected({ 'jobs.wait': (_, context) => untilAborted(context) });
    const controller = new AbortController();
    const call = failure(client.call('jobs.wait', { job: 1 }, { signal: controller.signal }));
    controller.abort();
    expect(await call).toBeInstanceOf(Cancelled);
  });

  it('only the call that is meant', async () => {
    const { client } = connected({
      'jobs.wait': (_, context) => untilAborted(context),
      'files.places': () => [],
    });
    const controller = new AbortController();
    const cancelled = failure(client.call('jobs.wait', { job: 1 }, { signal: controller.signal }));
    let other = 'waiting';
    client.call('jobs.wait', { job: 2 }).catch((thrown: Error) => {
      other = thrown.message;
    });
    controller.abort();
    expect(await cancelled).toBeInstanceOf(Cancelled);
    expect(await client.call('files.places', {})).toEqual([]);
    expect(other).toBe('waiting');
  });

  it('after the end: no message', async () => {
    const { client, asked } = connected({ 'files.places': () => [] });
    const controller = new AbortController();
    await client.call('files.places', {}, { signal: controller.signal });
    const before = asked.length;
    controller.abort();
    await settle();
    expect(asked).toHaveLength(before);
  });

  it('a handler that takes no notice still gives its result', async () => {
    let finish: (value: never[]) => void = () => {};
    const { client } = connected({
      'files.places': () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    const controller = new AbortController();
    const call = client.call('files.places', {}, { signal: controller.signal });
    await settle();
    controller.abort();
    await settle();
    finish([]);
    expect(await call).toEqual([]);
  });
});

describe('events', () => {
  it('reach every listener until it stops listening', async () => {
    const { app, client } = connected({});
    const seen: string[] = [];
    const stop = client.on('data.changed', ({ topics }) => seen.push(`a ${topics}`));
    client.on('data.changed', ({ topics }) => seen.push(`b ${topics}`));
    app.emit('data.changed', { topics: ['faces'] });
    await settle();
    stop();
    app.emit('data.changed', { topics: ['people'] });
    await settle();
    expect(seen).toEqual(['a faces', 'b faces', 'b people']);
  });

  it('stop when the port closes', async () => {
    const { app, client } = connected({});
    expect(app.subscribers()).toBe(1);
    client.close();
    await settle();
    expect(app.subscribers()).toBe(0);
    app.emit('data.changed', { topics: [] });
  });
});

describe('a port that closes', () => {
  it('fails open calls, and those that come later', async () => {
    const { client, far } = connected({ 'jobs.wait': (_, context) => untilAborted(context) });
    const open = failure(client.call('jobs.wait', { job: 1 }));
    await settle();
    far.close();
    expect(hasCode(await open, 'rpc/closed')).toBe(true);
    expect(hasCode(await failure(client.call('files.places', {})), 'rpc/closed')).toBe(true);
  });

  it('aborts what runs, and starts nothing that still arrives', async () => {
    let aborted = 0;
    let started = 0;
    const { client, near } = connected({
      'jobs.wait': (_, { signal }) => {
        started++;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted++;
            resolve({} as never);
          });
        });
      },
    });
    client.call('jobs.wait', { job: 1 }).catch(() => {});
    await settle();
    client.call('jobs.wait', { job: 2 }).catch(() => {});
    near.close();
    await settle();
    expect([started, aborted]).toEqual([1, 1]);
  });
});

describe('too much at once', () => {
  const huge = 'x'.repeat(messageLimit);

  it('an input fails its own call and no other', async () => {
    const { client } = connected({ 'jobs.wait': (_, context) => untilAborted(context) });
    let other = 'waiting';
    client.call('jobs.wait', { job: 1 }).catch((thrown: Error) => {
      other = thrown.message;
    });
    const caught = await failure(client.call('files.browse', { path: huge }));
    expect(hasCode(caught, 'rpc/too-large')).toBe(true);
    await settle();
    expect(other).toBe('waiting');
  });

  it('a result fails its own call', async () => {
    const { client } = connected({ 'files.places': () => [{ name: huge, path: '' }] });
    expect(hasCode(await failure(client.call('files.places', {})), 'rpc/too-large')).toBe(true);
  });
});

describe('a client before nonsense', () => {
  it('fails its open calls instead of waiting for ever', async () => {
    for (const text of ['no JSON', '{"type":"sing"}', '{"type":"result"}', `"${'x'.repeat(messageLimit)}"`]) {
      const [near, far] = portPair(queueMicrotask);
      const call = failure(connect(near).call('files.places', {}));
      far.post(text);
      const caught = await call;
      expect(caught).toBeInstanceOf(LineamentError);
      expect((caught as LineamentError).code).toMatch(/^rpc\//);
    }
  });

  it('passes a refusal on to whoever waits', async () => {
    const [near, far] = portPair(queueMicrotask);
    const client = connect(near);
    const calls = [1, 2].map((job) => failure(client.call('jobs.wait', { job })));
    far.post(JSON.stringify({ type: 'refused', error: error('rpc/malformed', { detail: 'd' }).info }));
    for (const call of calls) expect(hasCode(await call, 'rpc/malformed')).toBe(true);
  });

  it('ignores answers to calls that it did not make', async () => {
    const [near, far] = portPair(queueMicrotask);
    const client = connect(near);
    far.post(JSON.stringify({ type: 'result', id: 99, result: 1 }));
    far.post(JSON.stringify({ type: 'progress', id: 99, progress: { done: 1, total: null, detail: '' } }));
    far.post(JSON.stringify({ type: 'event', event: 'weather', payload: null }));
    const call = client.call('files.places', {});
    far.post(JSON.stringify({ type: 'result', id: 1, result: [] }));
    expect(await call).toEqual([]);
  });
});
