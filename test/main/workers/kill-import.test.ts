import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestApp } from '../../support/app.ts';
import { writeFiles } from '../../support/folders.ts';
import { testJpeg } from '../../support/pictures.ts';
import { workersOf } from '../../support/workers.ts';
import { checkPacks, continueAll, killed, killing, linux, outcome, until } from './support.ts';

const pictures = 400;
const photoCount = 'SELECT count(*) AS n FROM photo';
const { fresh, start } = killing();
let folder: string;

beforeAll(async () => {
  folder = await fresh('pictures');
  const files: Record<string, Uint8Array | string> = {};
  for (let i = 0; i < pictures; i++) files[`${i % 20}/picture ${i}.jpg`] = await testJpeg(i, 48, 48);
  files['notes.txt'] = 'no picture';
  files['broken.jpg'] = (await testJpeg(1000)).slice(0, 200);
  await writeFiles(folder, files);
}, 60_000);

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
