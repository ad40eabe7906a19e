import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lockDataDir } from '../../../../src/main/store/lock.ts';
import { haveModels } from '../../../support/app.ts';
import { testJpeg } from '../../../support/pictures.ts';
import { json } from './support.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-held-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

describe.skipIf(!haveModels)('a folder that another process holds', () => {
  const entry = fileURLToPath(new URL('../../../../src/main/hosts/cli/entry.ts', import.meta.url));
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('is reached through it where it serves', async () => {
    const dataDir = join(root, 'served');
    const pictures = join(root, 'served-pictures');
    await mkdir(pictures);
    for (let i = 0; i < 3; i++) await writeFile(join(pictures, `${i}.jpg`), await testJpeg(i));
    const child = spawn(process.execPath, [entry, '--json', '--data', dataDir, 'serve'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect(JSON.parse(line)).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//) });
    const imported = await json(['dataset', 'import', pictures, '--name', 'There'], dataDir);
    expect(imported).toMatchObject({ code: 0, value: { photos: 3 } });
    expect((await json(['dataset', 'list'], dataDir)).value).toMatchObject([{ name: 'There' }]);
    expect((await json(['align', 'Nowhere'], dataDir)).value).toMatchObject({
      error: { code: 'dataset/unknown' },
    });
    expect((await json(['serve'], dataDir)).value).toMatchObject({ error: { code: 'store/in-use' } });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    // Now it is opened here.
    expect((await json(['dataset', 'list'], dataDir)).value).toMatchObject([{ name: 'There', photos: 3 }]);
  }, 60_000);

  it('is named as in use where it does not', async () => {
    const dataDir = join(root, 'held');
    await mkdir(dataDir);
    const lock = lockDataDir(dataDir);
    const refused = await json(['dataset', 'list'], dataDir);
    expect(refused).toMatchObject({
      code: 1,
      value: { error: { code: 'store/in-use', values: { pid: process.pid } } },
    });
    lock.announce({ url: 'http://127.0.0.1:1/', token: 'x'.repeat(32) });
    expect((await json(['dataset', 'list'], dataDir)).value).toMatchObject({
      error: { code: 'store/in-use' },
    });
    lock.release();
    expect((await json(['dataset', 'list'], dataDir)).code).toBe(0);
  }, 60_000);
});
