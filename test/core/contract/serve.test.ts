import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { api } from '../../../src/core/contract/api.ts';
import { messageLimit } from '../../../src/core/contract/messages.ts';
import { portPair } from '../../../src/core/contract/port.ts';
import { serve } from '../../../src/core/contract/serve.ts';
import { application, rawly, settle } from './support.ts';

const call = (id: number, method: string, input: unknown): string =>
  JSON.stringify({ type: 'call', id, method, input });

describe('serve', () => {
  it('refuses what is not of the protocol, and goes on', async () => {
    const { near, replies } = rawly({ 'files.places': () => [] });
    const bad = [
      '',
      'null',
      '[]',
      '{',
      '{"type":"call"}',
      '{"type":"call","id":-1,"method":"x"}',
      '12',
      '"call"',
    ];
    for (const text of bad) near.post(text);
    near.post(call(7, 'files.places', {}));
    await settle();
    expect(replies.slice(0, bad.length).map((reply) => reply['type'])).toEqual(bad.map(() => 'refused'));
    expect(replies.at(-1)).toEqual({ type: 'result', id: 7, result: [] });
  });

  it('refuses a message that is too long without reading it', async () => {
    const { near, replies } = rawly({});
    near.post(call(1, 'files.browse', { path: 'x'.repeat(messageLimit) }));
    await settle();
    expect(replies).toMatchObject([{ type: 'refused', error: { code: 'rpc/too-large' } }]);
  });

  it('refuses nesting without end', async () => {
    const { near, replies } = rawly({});
    near.post(`${'['.repeat(2_000_000)}`);
    near.post(
      `{"type":"call","id":1,"method":"files.places","input":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    );
    await settle();
    expect(replies).toMatchObject([{ type: 'refused' }, { type: 'error', error: { code: 'rpc/bad-input' } }]);
  });

  it('refuses a second call under an id that is in use, and still answers the first', async () => {
    let finish: (value: never[]) => void = () => {};
    const { near, replies } = rawly({
      'files.places': () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
      'journal.undo': () => null,
    });
    near.post(call(1, 'files.places', {}));
    near.post(call(1, 'journal.undo', {}));
    await settle();
    expect(replies).toMatchObject([{ type: 'refused', error: { code: 'rpc/malformed' } }]);
    finish([]);
    await settle();
    expect(replies[1]).toEqual({ type: 'result', id: 1, result: [] });
    near.post(call(1, 'journal.undo', {}));
    await settle();
    expect(replies[2]).toEqual({ type: 'result', id: 1, result: null });
  });

  it('takes a cancel of nothing calmly', async () => {
    const { near, replies } = rawly({ 'files.places': () => [] });
    near.post('{"type":"cancel","id":5}');
    near.post(call(5, 'files.places', {}));
    await settle();
    expect(replies).toEqual([{ type: 'result', id: 5, result: [] }]);
  });

  it('never throws and never falls silent, whatever comes', async () => {
    const random = seededRandom(20261122);
    const [near, far] = portPair((deliver) => deliver());
    const app = application({ 'files.places': () => [], 'faces.ids': () => [1] });
    serve(far, app, () => new AbortController());
    const replies: Record<string, unknown>[] = [];
    near.onMessage((text) => replies.push(JSON.parse(text)));
    const methods = Object.keys(api);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'null',
      '1e999',
      '-',
      '\\u0000',
      '\ud800',
      '__proto__',
      'type',
      'call',
    ];
    const value = (depth: number): unknown => {
      switch (random.int(depth > 3 ? 6 : 8)) {
        case 0:
          return null;
        case 1:
          return random.int(5) - 2;
        case 2:
          return random.normal() * 10 ** random.int(300);
        case 3:
          return pieces[random.int(pieces.length)];
        case 4:
          return random.int(2) === 0;
        case 5:
          return methods[random.int(methods.length)];
        case 6:
          return Array.from({ length: random.int(4) }, () => value(depth + 1));
        default:
          return Object.fromEntries(
            ['type', 'id', 'method', 'input', 'dataset', 'faces', '__proto__', 'offset']
              .filter(() => random.int(3) === 0)
              .map((key) => [key, value(depth + 1)]),
          );
      }
    };
    for (let i = 0; i < 4000; i++) {
      const before = replies.length;
      const kind = random.int(4);
      const text =
        kind === 0
          ? Array.from({ length: random.int(30) }, () => pieces[random.int(pieces.length)]).join('')
          : kind === 1
            ? JSON.stringify(value(0))
            : JSON.stringify({
                type: 'call',
                id: i,
                method: methods[random.int(methods.length)],
                input: value(0),
              });
      expect(() => near.post(text ?? 'undefined')).not.toThrow();
      await settle(1);
      const cancels = /^\{"type":"cancel","id":\d+\}$/.test(text ?? '');
      expect(replies.length - before, text).toBe(cancels ? 0 : 1);
    }
    expect(new Set(replies.map((reply) => reply['type']))).toEqual(new Set(['refused', 'error', 'result']));
  });
});
