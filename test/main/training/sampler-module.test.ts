import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { epochOrder } from '../../../src/main/training/sampler-module.ts';
import { inFolder, writeFiles } from '../../support/folders.ts';

const request = { epoch: 3, seed: 9, classes: Int32Array.from([0, 0, 1, 1, 2]) };

/** What a sampler with that text gives for `needed` pictures, in steps of two. */
async function order(text: string, needed = 4): Promise<number[]> {
  return await inFolder(async (folder) => {
    await writeFiles(folder, { 'my sampler.mjs': text });
    const given = await epochOrder({ kind: 'module', file: join(folder, 'my sampler.mjs') }, 2);
    return [...given(request, needed)];
  });
}

describe('a user’s sampler', () => {
  it('is told epoch, seed and classes, and may change what it is given', async () => {
    const text = `export const sample = ({ epoch, seed, classes }) => {
      const list = [epoch, seed - 6, classes.length - 1, classes[4]];
      classes.fill(0);
      return list;
    };`;
    expect(await order(text)).toEqual([3, 3, 4, 2]);
    expect([...request.classes]).toEqual([0, 0, 1, 1, 2]);
  });

  it('may give any list, also one that never ends; a longer one is cut, a shorter one is gone through again', async () => {
    expect(await order('export const sample = () => new Set([4, 2, 0, 1, 3]);')).toEqual([4, 2, 0, 1]);
    expect(await order('export function* sample() { for (;;) { yield 1; yield 2; } }')).toEqual([1, 2, 1, 2]);
    expect(await order('export const sample = () => new Int16Array([0, 1, 2]);', 8)).toEqual([
      0, 1, 2, 0, 1, 2, 0, 1,
    ]);
  });

  it.each([
    [
      'export const sample = () => [0, 5];',
      'in epoch 3, index number 1 is 5; there are the pictures 0 to 4.',
    ],
    ['export const sample = () => [-1];', 'index number 0 is -1'],
    ['export const sample = () => [0, 1.5];', 'index number 1 is 1.5'],
    ['export const sample = () => [0, "1"];', 'index number 1 is 1'],
    ['export const sample = () => [1n];', 'index number 0 is 1'],
    ['export const sample = () => [{}];', 'index number 0 is a value of type Object'],
    ['export const sample = () => [3];', 'it gave 1 indices, and one step needs 2.'],
    ['export const sample = () => {};', 'it returned undefined, not a list of indices.'],
    ['export const sample = () => 7;', 'it returned 7, not a list'],
    ['export const sample = async () => [0, 1];', 'it returned a promise, not a list'],
    ['export const sample = () => { throw new Error("no luck"); };', 'in epoch 3, it failed: no luck'],
    ['export function* sample() { yield 0; throw "gone"; }', 'it failed: gone'],
    ['export const other = 1;', 'it exports no function sample.'],
    ['export const sample = [1, 2];', 'it exports no function sample.'],
    ['this is no JavaScript', 'it cannot be loaded: '],
    ['import "./not-there.mjs";', 'it cannot be loaded: '],
  ])('%s is refused: %s', async (text, message) => {
    const thrown = await order(text).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(thrown).toMatchObject({ code: 'training/bad-sampler' });
    expect(String(thrown)).toContain(message);
    expect(String(thrown)).toContain('my sampler.mjs');
  });

  it('needs a whole path to a file that is there', async () => {
    await expect(epochOrder({ kind: 'module', file: 'sampler.mjs' }, 2)).rejects.toThrow(
      'a whole path is needed',
    );
    await expect(epochOrder({ kind: 'module', file: '/not/there.mjs' }, 2)).rejects.toThrow(
      'it cannot be loaded',
    );
  });
});
