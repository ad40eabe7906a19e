import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import {
  type CheckpointFacts,
  type LiveTensor,
  listCheckpoints,
  readCheckpoint,
  removePartial,
  writeCheckpoint,
} from '../../../src/main/training/checkpoint.ts';
import { inFolder } from '../../support/folders.ts';

const random = seededRandom(5);
const live = (name: string, kind: LiveTensor['kind'], ...shape: number[]): LiveTensor => {
  const length = shape.reduce((a, b) => a * b, 1);
  const numbers = Float32Array.from({ length }, () => random.normal());
  return { name, kind, shape, length, data: () => numbers };
};
const tensors = [
  live('a.weight', 'parameter', 3, 5, 7),
  live('a.mean', 'running', 3),
  live('a.weight:momentum', 'slot', 3, 5, 7),
  live('step', 'slot'),
  live('nothing', 'slot', 0),
];
const facts: CheckpointFacts = {
  step: 120,
  epoch: 3,
  recipe: recipeSchema.parse({ data: { version: 'abcdef' }, seed: 7 }),
  seconds: 12.5,
  best: { accuracy: 0.9375, step: 80 },
  mark: 0.75,
  sinceBest: 1,
  validated: 120,
  provider: 'cpu',
};

describe('a checkpoint', () => {
  it('gives back what was written, bit for bit', () =>
    inFolder(async (dir) => {
      const written = await writeCheckpoint(dir, facts, tensors);
      expect(await readdir(dir)).toEqual([written.file]);
      const path = join(dir, written.file);
      const { header, state } = await readCheckpoint(path);
      expect(header).toMatchObject(facts);
      expect(state.step).toBe(120);
      expect([...state.tensors.keys()]).toEqual(tensors.map(({ name }) => name));
      for (const { name, data } of tensors) expect(state.tensors.get(name)).toEqual(data());
      expect(header.tensors.map(({ kind, shape }) => [kind, ...shape])).toEqual(
        tensors.map(({ kind, shape }) => [kind, ...shape]),
      );
      expect((await readFile(path)).length).toBe(written.bytes);
    }));

  it('has its numbers where the header says, for whoever reads it without Lineament', () =>
    inFolder(async (dir) => {
      const { file } = await writeCheckpoint(dir, facts, tensors);
      const bytes = await readFile(join(dir, file));
      const begin = 12 + bytes.readUInt32LE(8);
      expect(begin % 64).toBe(0);
      const { tensors: stored } = JSON.parse(bytes.subarray(12, begin).toString()) as {
        tensors: { offset: number; length: number }[];
      };
      stored.forEach(({ offset, length }, i) => {
        const numbers = Float32Array.from({ length }, (_, k) => bytes.readFloatLE(begin + 4 * (offset + k)));
        expect(numbers).toEqual(tensors[i]?.data());
      });
    }));

  it('replaces one of the same step, and is listed by its step', () =>
    inFolder(async (dir) => {
      for (const step of [1_000_000, 20, 20]) await writeCheckpoint(dir, { ...facts, step }, tensors);
      await writeFile(join(dir, 'notes.txt'), 'mine');
      const listed = await listCheckpoints(dir);
      expect(listed.map(({ step }) => step)).toEqual([20, 1_000_000]);
      expect(listed[0]?.bytes).toBeGreaterThan(4 * 200);
    }));

  it('left half written is no checkpoint, and is cleared away', () =>
    inFolder(async (dir) => {
      const { file } = await writeCheckpoint(dir, facts, tensors);
      await writeFile(join(dir, 'step-000000140.checkpoint.part'), new Uint8Array(500));
      expect((await listCheckpoints(dir)).map(({ step }) => step)).toEqual([120]);
      await removePartial(dir);
      expect(await readdir(dir)).toEqual([file]);
    }));

  it('names the file where any byte of it has changed', () =>
    inFolder(async (dir) => {
      const { file, bytes } = await writeCheckpoint(dir, facts, tensors);
      const path = join(dir, file);
      const good = await readFile(path);
      const places = [0, 9, 30, 200, good.indexOf('"step"') + 8, bytes - 200, bytes - 33, bytes - 1];
      for (const place of places) {
        const bad = Buffer.from(good);
        bad[place] = (bad[place] ?? 0) ^ 1;
        await writeFile(path, bad);
        await expect(readCheckpoint(path), `byte ${place}`).rejects.toMatchObject({
          code: 'training/checkpoint-damaged',
          values: { file: path },
        });
      }
    }));

  it('names the file where it is cut off, longer, empty or missing', () =>
    inFolder(async (dir) => {
      const { file, bytes } = await writeCheckpoint(dir, facts, tensors);
      const path = join(dir, file);
      const damaged = { code: 'training/checkpoint-damaged', values: { file: path } };
      for (const length of [bytes + 4, bytes - 1, bytes - 100, 100, 12, 3, 0]) {
        await truncate(path, length);
        await expect(readCheckpoint(path), `${length} bytes`).rejects.toMatchObject(damaged);
      }
      await expect(readCheckpoint(join(dir, 'none'))).rejects.toMatchObject({ code: damaged.code });
    }));

  it('that cannot be written says where, and leaves the one before', () =>
    inFolder(async (dir) => {
      const { file } = await writeCheckpoint(dir, facts, tensors);
      const before = await readFile(join(dir, file));
      const failing: LiveTensor = {
        ...live('z', 'slot', 2),
        data: () => {
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        },
      };
      await expect(writeCheckpoint(dir, facts, [...tensors, failing])).rejects.toMatchObject({
        code: 'pack/write-failed',
        values: { file: join(dir, file), reason: 'the disk is full' },
      });
      expect(await readdir(dir)).toEqual([file]);
      expect(await readFile(join(dir, file))).toEqual(before);
    }));
});
