import { createHash } from 'node:crypto';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { planSample } from '../../../src/core/sample/plan.ts';
import type { SampleSettings } from '../../../src/core/sample/types.ts';
import { decodeImage } from '../../../src/main/images/decode.ts';
import { decodeCrop } from '../../../src/main/images/encode.ts';
import { type PeopleHost, peopleHost, peopleJob } from '../../../src/main/jobs/people.ts';
import { finishSample, readTruth, truthFile } from '../../../src/main/jobs/people-files.ts';
import { runJob } from '../../../src/main/workers/run.ts';
import { inFolder } from '../../support/folders.ts';

const settings: SampleSettings = {
  seed: 3,
  identities: 2,
  picturesEach: 4,
  side: 96,
  groups: 1,
  defects: { wrongLabels: 1, twins: 1, duplicates: 2, broken: 1, masks: 1 },
  training: { identities: 1, exam: 1, cropsEach: 2 },
};
const plan = planSample(settings);
const all = plan.parts.flat();
const entry = new URL('../../../src/main/workers/entry.ts', import.meta.url);

/** SHA-256 by path of all files below a folder. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
  const list = await Promise.all(
    files.map(async (path) => {
      const hash = createHash('sha256').update(await readFile(path));
      return [path.slice(folder.length + 1), hash.digest('hex')] as const;
    }),
  );
  return Object.fromEntries(list.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The job in this process, with what it told its host. */
async function make(
  folder: string,
  some: { readonly signal?: AbortSignal; readonly onSaved?: (pictures: number) => void } = {},
) {
  const saved: Parameters<PeopleHost['saved']>[0][] = [];
  const host = peopleHost(plan, (pictures) => some.onSaved?.(pictures));
  const summary = await peopleJob(
    { folder, settings },
    {
      ...host,
      saved: async (done) => {
        saved.push(done);
        await host.saved(done);
      },
    },
    { signal: some.signal ?? new AbortController().signal, progress: () => {}, log: () => {} },
  );
  return { summary, saved };
}

describe('the job that makes people', { timeout: 300_000 }, () => {
  it('gives the same bytes in one process and in two, whoever makes which part', () =>
    inFolder(async (dir) => {
      const one = join(dir, 'one');
      const two = join(dir, 'two');
      const { summary } = await make(one);
      expect(summary).toEqual({ pictures: all.length, fresh: all.length });
      await finishSample(one, plan);
      // two processes that take the parts from the last one on
      const parts = plan.parts.map((_, part) => part);
      let there = 0;
      const host = {
        next: () => parts.pop() ?? null,
        saved: ({ pictures }: { pictures: number }) => {
          there += pictures;
        },
      };
      const signal = new AbortController().signal;
      const run = () =>
        runJob({
          ...{ entry, kind: 'people', setup: { folder: two, settings }, host, signal },
          onProgress: () => {},
          onLog: () => {},
        });
      await Promise.all([run(), run()]);
      expect(there).toBe(all.length);
      await finishSample(two, plan);
      const files = await hashes(one);
      expect(Object.keys(files)).toEqual([...all.map(({ path }) => path), truthFile].sort());
      expect(await hashes(two)).toEqual(files);

      // defects are what the truth says
      const truth = await readTruth(one, settings);
      expect(truth?.pictures.map(({ path }) => path)).toEqual(all.map(({ path }) => path));
      for (const { path, defect, kind, width, height } of truth?.pictures ?? []) {
        const bytes = await readFile(join(one, path));
        if (defect?.kind === 'broken') {
          await expect(decodeImage(bytes, { maxSide: 4096, name: path })).rejects.toThrow(
            /ends before its last pixel/,
          );
          continue;
        }
        const image =
          kind === 'crop' ? await decodeCrop(bytes) : await decodeImage(bytes, { maxSide: 4096, name: path });
        expect([image.width, image.height]).toEqual([width, height]);
        if (defect?.kind === 'duplicate') expect(files[path] === files[defect.of], path).toBe(defect.exact);
      }
      expect(await readTruth(one, { ...settings, seed: 4 })).toBeNull();
    }));

  it('stops when it is told to, and goes on with what is missing', () =>
    inFolder(async (dir) => {
      const stop = new AbortController();
      const stopped = make(dir, { signal: stop.signal, onSaved: () => stop.abort() });
      await expect(stopped).rejects.toBeInstanceOf(Cancelled);
      await expect(finishSample(dir, plan)).rejects.toThrow(/made, and is gone or changed/);
      const { saved } = await make(dir);
      expect(saved[0]?.fresh).toBe(false);
      expect(saved.slice(1).every(({ fresh }) => fresh)).toBe(true);
      // a file that was cut off, and one that is gone: their parts are made again, the others are not
      const [first, second] = [plan.parts[0]?.[0]?.path ?? '', plan.parts[1]?.[0]?.path ?? ''];
      const before = await readFile(join(dir, second));
      await truncate(join(dir, first), 100);
      await rm(join(dir, second));
      const again = await make(dir);
      expect(again.saved.map(({ fresh }) => fresh)).toEqual(plan.parts.map((_, part) => part < 2));
      expect(await readFile(join(dir, second))).toEqual(before);
      await finishSample(dir, plan);
      expect(await readTruth(dir, settings)).not.toBeNull();
    }));

  it('says which file could not be written', () =>
    inFolder(async (dir) => {
      await writeFile(join(dir, 'photographs'), 'a file where a folder is wanted');
      await expect(make(dir)).rejects.toThrow(/photographs.* cannot be written/);
    }));
});
