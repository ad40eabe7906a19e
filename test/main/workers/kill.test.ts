import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../../src/core/contract/jobs.ts';
import { dataFiles, haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { writeFiles } from '../../support/folders.ts';
import { testJpeg } from '../../support/pictures.ts';
import { cast, portraits } from '../../support/portraits.ts';
import { workersOf } from '../../support/workers.ts';

/**
 * Processes are killed while they import and align; then the work goes on, and nothing is lost or there twice.
 * Linux only: elsewhere there is no /proc to find the workers in.
 */
const linux = process.platform === 'linux';

const cli = fileURLToPath(new URL('../../../src/main/hosts/cli/entry.ts', import.meta.url));
const pictures = 400;
let root: string;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-kill-'));
  folder = join(root, 'pictures');
  const files: Record<string, Uint8Array | string> = {};
  for (let i = 0; i < pictures; i++) files[`${i % 20}/picture ${i}.jpg`] = await testJpeg(i, 48, 48);
  files['notes.txt'] = 'no picture';
  files['broken.jpg'] = (await testJpeg(1000)).slice(0, 200);
  await writeFiles(folder, files);
}, 60_000);
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Waits until a number that the database has is at least so much. */
async function until(dataDir: string, sql: string, least: number): Promise<number> {
  for (let i = 0; i < 2000; i++) {
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

const photoCount = 'SELECT count(*) AS n FROM photo';
const alignedCount = 'SELECT count(*) AS n FROM photo WHERE aligned_by IS NOT NULL';

/** Starts the command line as a process of its own. */
function start(dataDir: string, ...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [cli, '--data', dataDir, ...words], { stdio: 'ignore' });
  children.push(child);
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
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
async function checkPacks(dataDir: string): Promise<void> {
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
async function outcome(test: TestApp, dataset: number): Promise<unknown> {
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

async function continueAll(test: TestApp): Promise<Job[]> {
  const jobs = await test.client.call('jobs.list', {});
  const stopped = jobs.filter((job) => job.state === 'paused' || job.state === 'failed');
  const ended: Job[] = [];
  for (const job of stopped) ended.push(await test.done(test.client.call('jobs.continue', { job: job.id })));
  return ended;
}

async function fresh(name: string): Promise<string> {
  const dir = join(root, name);
  await rm(dir, { recursive: true, force: true });
  return dir;
}

describe.skipIf(!linux).each([
  ['an import', { kind: 'flat', aligned: false }],
  ['an import of aligned crops', { kind: 'identities', aligned: true }],
] as const)('%s', (_, how) => {
  let expected: unknown;
  const words = ['--name', 'P', '--kind', how.kind, '--copy', ...(how.aligned ? ['--aligned'] : [])];

  beforeAll(async () => {
    const test = await openTestApp(await fresh('import-reference'));
    const { dataset, job } = await test.client.call('datasets.import', {
      paths: [folder],
      name: 'P',
      copy: true,
      ...how,
    });
    const ended = await test.done(job);
    expect(ended.summary).toEqual({ photos: pictures, problems: 1, unchanged: 0, ignored: 1 });
    expected = await outcome(test, dataset);
    expect((await test.client.call('datasets.get', { dataset })).faces).toBe(how.aligned ? pictures : 0);
    await test.close();
  }, 60_000);

  it('whose worker is killed fails by name, leaves the application well, and goes on', async () => {
    const dataDir = await fresh('import-worker');
    const test = await openTestApp(dataDir);
    const { dataset, job } = await test.client.call('datasets.import', {
      paths: [folder],
      name: 'P',
      copy: true,
      ...how,
    });
    const before = await until(dataDir, photoCount, 64);
    for (const pid of workersOf(process.pid)) process.kill(pid, 'SIGKILL');
    const failed = await test.client.call('jobs.wait', { job: job.id });
    expect(failed).toMatchObject({ state: 'failed', canContinue: true, error: { code: 'job/worker-died' } });
    expect(failed.error?.message).toContain('SIGKILL');
    const { total } = await test.client.call('photos.page', { dataset });
    expect(total).toBeGreaterThanOrEqual(before);
    expect(total).toBeLessThan(pictures);
    const [ended] = await continueAll(test);
    expect(ended?.error).toBeNull();
    expect(ended?.summary['unchanged']).toBeGreaterThan(0);
    expect(await outcome(test, dataset)).toEqual(expected);
    await checkPacks(dataDir);
    await test.close();
  }, 60_000);

  it('whose application is killed is paused at the next start, and goes on', async () => {
    const dataDir = await fresh('import-app');
    const child = start(dataDir, 'dataset', 'import', folder, ...words);
    await until(dataDir, photoCount, 64);
    await killed(child);
    const test = await openTestApp(dataDir);
    const [job] = await test.client.call('jobs.list', {});
    expect(job).toMatchObject({ state: 'paused', canContinue: true, error: { code: 'job/interrupted' } });
    await checkPacks(dataDir);
    await continueAll(test);
    expect(await outcome(test, 1)).toEqual(expected);
    expect(await test.client.call('datasets.list', {})).toMatchObject([{ photos: pictures, problems: 1 }]);
    await checkPacks(dataDir);
    await test.close();
  }, 60_000);

  it('is paused by Ctrl-C at a safe point, with an exit code that says so', async () => {
    const dataDir = await fresh('import-interrupt');
    const child = start(dataDir, 'dataset', 'import', folder, ...words);
    await until(dataDir, photoCount, 64);
    // As a terminal does: to the workers as well.
    for (const pid of workersOf(child.pid ?? 0)) process.kill(pid, 'SIGINT');
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(1);
    const test = await openTestApp(dataDir);
    const [job] = await test.client.call('jobs.list', {});
    expect(job).toMatchObject({ state: 'paused', error: null });
    await continueAll(test);
    expect(await outcome(test, 1)).toEqual(expected);
    await checkPacks(dataDir);
    await test.close();
  }, 60_000);
});

describe.skipIf(!linux || !haveModels)('an alignment', () => {
  let people: string;
  let expected: unknown;
  let packs: ReadonlyMap<string, Buffer>;
  const files = cast.length * 4 * 5;

  beforeAll(async () => {
    // Each photograph in five versions that differ in a comment only, so that there is enough to do.
    people = join(root, 'people');
    const source = await portraits(4);
    const copies: Record<string, Uint8Array> = {};
    for (const { name } of cast) {
      for (let i = 1; i <= 4; i++) {
        const bytes = await readFile(join(source, name, `${name} ${i}.jpg`));
        for (let version = 0; version < 5; version++) {
          const comment = Buffer.from([0xff, 0xfe, 0, 3, version]);
          copies[`${name}/${i} ${version}.jpg`] = Buffer.concat([
            bytes.subarray(0, 2),
            comment,
            bytes.subarray(2),
          ]);
        }
      }
    }
    await writeFiles(people, copies);
    const dataDir = await fresh('align-reference');
    const test = await openTestApp(dataDir);
    const { dataset, job } = await test.client.call('datasets.import', { paths: [people], name: 'P' });
    await test.done(job);
    const ended = await test.done(test.client.call('align.start', { dataset }));
    expect(ended.summary).toMatchObject({ photos: files, failed: 0, without: 0 });
    expected = await outcome(test, dataset);
    packs = dataFiles(dataDir);
    await test.close();
  }, 120_000);

  /** A data folder in which everything is imported and nothing aligned. */
  async function imported(name: string): Promise<string> {
    const dataDir = await fresh(name);
    const test = await openTestApp(dataDir);
    await test.done((await test.client.call('datasets.import', { paths: [people], name: 'P' })).job);
    await test.close();
    return dataDir;
  }

  it('run again in another folder gives the same bytes', async () => {
    const dataDir = await imported('align-again');
    const test = await openTestApp(dataDir);
    await test.done(test.client.call('align.start', { dataset: 1 }));
    expect(await outcome(test, 1)).toEqual(expected);
    await test.close();
    const crops = 'packs/crops-000000.pack';
    expect(
      dataFiles(dataDir)
        .get(crops)
        ?.equals(packs.get(crops) ?? Buffer.alloc(0)),
    ).toBe(true);
  }, 60_000);

  it('one of whose workers is killed goes on with nothing lost or doubled', async () => {
    const dataDir = await imported('align-worker');
    const test = await openTestApp(dataDir);
    const job = await test.client.call('align.start', { dataset: 1 });
    await until(dataDir, alignedCount, 16);
    const [victim = 0] = workersOf(process.pid);
    process.kill(victim, 'SIGKILL');
    const failed = await test.client.call('jobs.wait', { job: job.id });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'job/worker-died' } });
    expect(await test.client.call('app.info', {})).toMatchObject({ empty: false });
    await continueAll(test);
    expect(await outcome(test, 1)).toEqual(expected);
    await checkPacks(dataDir);
    await test.close();
  }, 60_000);

  it('whose application is killed goes on with nothing lost or doubled', async () => {
    const dataDir = await imported('align-app');
    const child = start(dataDir, 'align', 'P');
    const done = await until(dataDir, alignedCount, 16);
    await killed(child);
    const test = await openTestApp(dataDir);
    const jobs = await test.client.call('jobs.list', {});
    expect(jobs[0]).toMatchObject({ kind: 'align', state: 'paused', error: { code: 'job/interrupted' } });
    expect((await test.client.call('datasets.get', { dataset: 1 })).pending).toBeLessThanOrEqual(
      files - done,
    );
    await checkPacks(dataDir);
    const [ended] = await continueAll(test);
    expect(ended?.summary['photos']).toBeLessThanOrEqual(files - done);
    expect(await outcome(test, 1)).toEqual(expected);
    await checkPacks(dataDir);
    await test.close();
  }, 60_000);

  it('that is paused keeps what was done, and can be continued while it stops', async () => {
    const dataDir = await imported('align-pause');
    const test = await openTestApp(dataDir);
    const job = await test.client.call('align.start', { dataset: 1 });
    await until(dataDir, alignedCount, 16);
    await test.client.call('jobs.pause', { job: job.id });
    await test.client.call('jobs.continue', { job: job.id });
    await test.done(job);
    expect(await outcome(test, 1)).toEqual(expected);
    await checkPacks(dataDir);
    await test.close();
  }, 60_000);
});
