import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Face } from '../../../src/core/contract/faces.ts';
import { openTestApp, type TestApp } from '../../support/app.ts';
import { portraits } from '../../support/portraits.ts';

/** The application on an empty data folder, and what makes datasets of portraits there. */
export interface Bench {
  /** Where the test's files go. There while tests run. */
  readonly root: string;
  readonly test: TestApp;
  readonly call: TestApp['client']['call'];
  /** The path of the nth portrait of somebody. */
  portrait(name: string, n: number): string;
  /** A folder of files: where each comes from, by its path. */
  folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string>;
  /** A dataset of these paths, aligned. */
  aligned(
    name: string,
    paths: readonly string[],
    kind?: 'auto' | 'flat' | 'list',
  ): Promise<{ readonly dataset: number; readonly summary: Readonly<Record<string, number>> }>;
  facesOf(dataset: number): Promise<readonly Face[]>;
  /** Aligns a dataset another time. */
  again(dataset: number): Promise<void>;
}

/** One for the tests of a `describe`; gone after them. */
export function openBench(): Bench {
  let root: string;
  let source: string;
  let test: TestApp;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-bench-'));
    source = await portraits(4);
    test = await openTestApp(join(root, 'data'));
  }, 120_000);
  afterAll(async () => {
    await test.close();
    await rm(root, { recursive: true, force: true });
  });

  const call: Bench['call'] = (...given) => test.client.call(...given);
  return {
    get root() {
      return root;
    },
    get test() {
      return test;
    },
    call,
    portrait: (name, n) => join(source, name, `${name} ${n}.jpg`),
    folderOf: async (name, files) => {
      const folder = join(root, name);
      for (const [path, from] of Object.entries(files)) {
        await mkdir(join(folder, path, '..'), { recursive: true });
        if (typeof from === 'string') await copyFile(from, join(folder, path));
        else await writeFile(join(folder, path), from);
      }
      return folder;
    },
    aligned: async (name, paths, kind = 'auto') => {
      const { dataset, job } = await call('datasets.import', { paths: [...paths], name, kind });
      await test.done(job);
      const { summary } = await test.done(call('align.start', { dataset }));
      return { dataset, summary };
    },
    facesOf: async (dataset) => (await call('faces.page', { datasets: [dataset], state: null })).items,
    again: async (dataset) => void (await test.done(call('align.start', { dataset, again: true }))),
  };
}
