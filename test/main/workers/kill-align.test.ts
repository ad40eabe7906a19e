import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFiles, haveModels, openTestApp } from '../../support/app.ts';
import { writeFiles } from '../../support/folders.ts';
import { cast, portraits } from '../../support/portraits.ts';
import { workersOf } from '../../support/workers.ts';
import { checkPacks, continueAll, killed, killing, linux, outcome, until } from './support.ts';

const alignedCount = 'SELECT count(*) AS n FROM photo WHERE aligned_by IS NOT NULL';
const { fresh, start } = killing();

describe.skipIf(!linux || !haveModels)('an alignment', () => {
  let people: string;
  let expected: unknown;
  let packs: ReadonlyMap<string, Buffer>;
  const files = cast.length * 4 * 5;

  beforeAll(async () => {
    // Each photograph in five versions that differ in a comment only, so that there is enough to do.
    people = await fresh('people');
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
