import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Job } from '../../../src/core/contract/jobs.ts';
import type { TestApp } from '../../support/app.ts';
import { workersOf } from '../../support/workers.ts';

/**
 * Processes are killed while they import and align; then the work goes on, and nothing is lost or there twice.
 * Linux only: elsewhere there is no /proc to find the workers in.
 */
export const linux = process.platform === 'linux';

const cli = fileURLToPath(new URL('../../../src/main/hosts/cli/entry.ts', import.meta.url));

/** Folders and processes of the tests in a file; gone after them. */
export function killing(): {
  /** The path of a folder of that name that is not there. */
  fresh(name: string): Promise<string>;
  /** Starts the command line as a process of its own. */
  start(dataDir: string, ...words: string[]): ChildProcess;
} {
  let root: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-kill-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });
  return {
    fresh: async (name) => {
      const dir = join(root, name);
      await rm(dir, { recursive: true, force: true });
      return dir;
    },
    start: (dataDir, ...words) => {
      const child = spawn(process.execPath, [cli, '--data', dataDir, ...words], { stdio: 'ignore' });
      children.push(child);
      return child;
    },
  };
}

/** Waits until a number that the database has is at least so much. */
export async function until(dataDir: string, sql: string, least: number): Promise<number> {
  for (let i = 0; i < 10_000; i++) {
    let found = 0;
    try {
      const db = new Database(join(dataDir, 'lineament.db'), { readonly: true, fileMustExist: true });
      found = (db.prepare(sql).get() as { n: number }).n;
      db.close();
    } catch {
      // not made yet
    }
    if (found >= least) return found;
    await delay(5);
  }
  throw new Error(`never came to ${least}: ${sql}`);
}

export async function killed(child: ChildProcess): Promise<void> {
  const workers = workersOf(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // Its workers end with it, by themselves.
  for (let i = 0; i < 400; i++) {
    if (workers.every((pid) => !isAlive(pid))) return;
    await delay(10);
  }
  throw new Error('a worker outlived the application');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What must hold of a data folder when nothing is under way: every blob is there whole, and nothing is beside them. */
export async function checkPacks(dataDir: string): Promise<void> {
  const db = new Database(join(dataDir, 'lineament.db'), { readonly: true });
  const ends = db.prepare('SELECT pack, file, offset FROM pack_end').all() as {
    pack: string;
    file: number;
    offset: number;
  }[];
  for (const { pack, file, offset } of ends) {
    const blobs = db
      .prepare('SELECT offset, length FROM blob WHERE pack = ? AND file = ? ORDER BY offset')
      .all(pack, file) as { offset: number; length: number }[];
    let at = 0;
    for (const blob of blobs) {
      expect(blob.offset, `${pack}: no gap and no overlap`).toBe(at);
      at += blob.length;
    }
    expect(at, `${pack}: nothing behind the last blob`).toBe(offset);
    const { size } = await stat(join(dataDir, 'packs', `${pack}-${String(file).padStart(6, '0')}.pack`));
    expect(size).toBe(offset);
  }
  db.close();
}

/** All that an import or alignment leaves, without the order in which things came. */
export async function outcome(test: TestApp, dataset: number): Promise<unknown> {
  const { items: photos } = await test.client.call('photos.page', { dataset, limit: 2000 });
  const { items: faces } = await test.client.call('faces.page', {
    datasets: [dataset],
    state: null,
    limit: 2000,
  });
  const file = new Map(photos.map((photo) => [photo.id, photo.key]));
  return {
    photos: photos.map(({ key, hash, width, height, label, alignment, queue, problem }) => ({
      ...{ key, hash, width, height, label, alignment, queue, problem: problem?.code },
    })),
    faces: faces
      .map(({ photoId, box, points, crop, state, person, quality }) => ({
        ...{ file: file.get(photoId), box, points, crop, state, person, quality },
      }))
      .toSorted((a, b) => `${a.file} ${a.crop}`.localeCompare(`${b.file} ${b.crop}`)),
  };
}

export async function continueAll(test: TestApp): Promise<Job[]> {
  const jobs = await test.client.call('jobs.list', {});
  const stopped = jobs.filter((job) => job.state === 'paused' || job.state === 'failed');
  const ended: Job[] = [];
  for (const job of stopped) ended.push(await test.done(test.client.call('jobs.continue', { job: job.id })));
  return ended;
}
