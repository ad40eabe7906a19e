import { describe, expect, it } from 'vitest';
import type { EpochOrder } from '../../../src/core/training/sampler.ts';
import { runPlugin } from '../../../src/main/plugins/load.ts';
import { asSampler } from '../../../src/main/plugins/sampler.ts';

const request = { epoch: 3, seed: 9, classes: Int32Array.from([0, 0, 1, 1, 2]) };

/** A sampler with that method, whose line is the third. */
async function sampler(method: string): Promise<EpochOrder> {
  const text = `export function plugin() {
  return { title: 'Mine',
    ${method},
  };
}`;
  const plugin = { file: 'mine.sampler.js', text };
  return asSampler(plugin, await runPlugin(plugin), 2);
}

const order = async (method: string, needed = 4): Promise<number[]> => [
  ...(await sampler(method))(request, needed),
];

describe('a user’s sampler', () => {
  it('is told epoch, seed and classes, and may change what it is given', async () => {
    const method = `sample({ epoch, seed, classes }) {
      const list = [epoch, seed - 6, classes.length - 1, classes[4]];
      classes.fill(0);
      return list;
    }`;
    expect(await order(method)).toEqual([3, 3, 4, 2]);
    expect([...request.classes]).toEqual([0, 0, 1, 1, 2]);
  });

  it('may give any list, also one that never ends; a longer one is cut, a shorter one is gone through again', async () => {
    expect(await order('sample: () => new Set([4, 2, 0, 1, 3])')).toEqual([4, 2, 0, 1]);
    expect(await order('*sample() { for (;;) { yield 1; yield 2; } }')).toEqual([1, 2, 1, 2]);
    expect(await order('sample: () => new Int16Array([0, 1, 2])', 8)).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
  });

  it.each([
    [
      'sample: () => [0, 5]',
      'line 3 does not work: in epoch 3, index number 1 is 5; there are the pictures 0 to 4.',
    ],
    ['sample: () => [-1]', 'index number 0 is -1'],
    ['sample: () => [0, 1.5]', 'index number 1 is 1.5'],
    ['sample: () => [0, "1"]', 'index number 1 is 1'],
    ['sample: () => [{}]', 'index number 0 is a value of type Object'],
    ['sample: () => [3]', 'it gave 1 indices, and one step needs 2.'],
    ['sample: () => {}', 'it returned undefined, not a list of indices.'],
    ['sample: async () => [0, 1]', 'it returned a promise, not a list'],
    ['sample: () => { throw new Error("no luck"); }', 'line 3 does not work: no luck.'],
    ['*sample() { yield 0; throw "gone"; }', 'does not work: gone.'],
    [
      'sample: [1, 2]',
      'line 3 does not work: “sample” of what plugin returns is not right: must be a function.',
    ],
  ])('%s is refused: %s', async (method, message) => {
    const thrown = await order(method).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(thrown).toMatchObject({ code: 'plugin/failed' });
    expect(String(thrown)).toContain(message);
    expect(String(thrown)).toContain('mine.sampler.js');
  });
});
