import { describe, expect, it } from 'vitest';
import { Cancelled, error, hasCode } from '../../../src/core/base/errors.ts';
import {
  answerWith,
  type Channel,
  type Line,
  openChannel,
  remote,
} from '../../../src/main/workers/channel.ts';

type Answer = Parameters<typeof openChannel>[1];
type OnTell = Parameters<typeof openChannel>[2];

/** Two channels joined in memory; what is sent is cloned as between processes. */
function pair(near: Answer, far: Answer, onTell: OnTell = () => {}): readonly [Channel, Channel] {
  const listeners: ((message: unknown) => void)[] = [];
  const line = (mine: 0 | 1): Line => ({
    send: (message) => {
      const clone = structuredClone(message);
      queueMicrotask(() => listeners[1 - mine]?.(clone));
    },
    onMessage: (listener) => {
      listeners[mine] = listener;
    },
  });
  return [openChannel(line(0), near, onTell), openChannel(line(1), far, onTell)];
}

const nothing: Answer = () => null;
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('resolved'),
    (thrown: unknown) => thrown,
  );

describe('a channel', () => {
  it('is asked from both ends at once, also while it answers', async () => {
    const [near, far]: readonly [Channel, Channel] = pair(
      (method, input) => `near ${method} ${input}`,
      async (method, input) => `far ${method} ${await far.ask('back', input)}`,
    );
    expect(await near.ask('go', 1)).toBe('far go near back 1');
    const answers = await Promise.all([near.ask('a', 1), far.ask('b', 2), near.ask('c', 3)]);
    expect(answers).toEqual(['far a near back 1', 'near b 2', 'far c near back 3']);
  });

  it('gives each its own answer, in whatever order they come', async () => {
    const waiting = new Map<unknown, (value: unknown) => void>();
    const [near] = pair(nothing, (_, input) => new Promise((resolve) => waiting.set(input, resolve)));
    const asked = [1, 2, 3].map((input) => near.ask('wait', input));
    await new Promise(setImmediate);
    for (const input of [2, 3, 1]) waiting.get(input)?.(input * 10);
    expect(await Promise.all(asked)).toEqual([10, 20, 30]);
  });

  it('carries bytes as they are', async () => {
    const [near] = pair(nothing, (_, input) => input);
    const sent = {
      bytes: new Uint8Array([0, 255, 7]),
      numbers: new Float32Array([1.5, Number.NaN]),
      map: new Map([[1, 2]]),
    };
    expect(await near.ask('echo', sent)).toEqual(sent);
  });

  it('brings errors and cancelling across as what they are', async () => {
    const [near] = pair(nothing, (method) => {
      if (method === 'cancel') throw new Cancelled();
      if (method === 'known') throw error('photo/gone', { path: '/p' });
      throw new RangeError('odd');
    });
    expect(await failure(near.ask('cancel', null))).toBeInstanceOf(Cancelled);
    expect(await failure(near.ask('known', null))).toMatchObject({
      code: 'photo/gone',
      values: { path: '/p' },
    });
    expect(hasCode(await failure(near.ask('other', null)), 'app/internal')).toBe(true);
  });

  it('says so where something cannot be sent, either way', async () => {
    const [near] = pair(nothing, () => () => 'a function');
    expect(await failure(near.ask('x', () => 'a function'))).toBeInstanceOf(Error);
    expect(hasCode(await failure(near.ask('x', null)), 'app/internal')).toBe(true);
  });

  it('fails what waits when it closes, and whatever is asked after', async () => {
    const [near] = pair(nothing, () => new Promise(() => {}));
    const asked = failure(near.ask('wait', null));
    const reason = new Error('the end');
    near.close(reason);
    expect((await asked) === reason).toBe(true);
    expect((await failure(near.ask('again', null))) === reason).toBe(true);
    expect(() => near.tell('late', null)).not.toThrow();
  });

  it('tells without an answer, in order', async () => {
    const told: unknown[] = [];
    const [near] = pair(nothing, nothing, (topic, value) => told.push([topic, value]));
    for (let i = 0; i < 3; i++) near.tell('count', i);
    await near.ask('flush', null);
    expect(told).toEqual([
      ['count', 0],
      ['count', 1],
      ['count', 2],
    ]);
  });
});

describe('methods over a channel', () => {
  it('are called by name', async () => {
    const methods = { add: ({ a, b }: { a: number; b: number }) => a + b };
    const [near] = pair(nothing, answerWith(methods));
    expect(await remote<typeof methods>(near).add({ a: 2, b: 3 })).toBe(5);
  });

  it('are only those there are', async () => {
    const [near] = pair(nothing, answerWith({}));
    for (const name of ['missing', 'toString', '__proto__']) {
      expect(hasCode(await failure(near.ask(name, null)), 'app/internal'), name).toBe(true);
    }
  });

  it('are no promise: they can be handed through async functions', async () => {
    const [near] = pair(nothing, answerWith({ one: () => 1 }));
    const methods = await Promise.resolve(remote<{ one(input: null): number }>(near));
    expect(await methods.one(null)).toBe(1);
  });
});
