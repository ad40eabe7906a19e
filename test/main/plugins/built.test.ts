import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const entry = join(root, 'dist', 'main', 'hosts', 'cli', 'entry.js');
/** The Node that npm installs with the application, and that the command line runs itself with. */
const packed = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
const node = existsSync(packed) ? packed : process.execPath;

/** Tests run from the source, where Node itself takes types away; people run what was built of it. */
describe.skipIf(!existsSync(entry))('plugins of TypeScript in the built application (needs a build)', () => {
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'lineament-built-'));
  });
  afterAll(() => rm(data, { recursive: true, force: true }));

  async function lineament(...words: readonly string[]): Promise<{ code: number; value: unknown }> {
    const run = promisify(execFile)(node, [entry, '--data', data, '--json', ...words]);
    const { stdout, code } = await run.then(
      (done) => ({ ...done, code: 0 }),
      (failed: { stdout: string; code: number }) => failed,
    );
    return { code, value: JSON.parse(stdout) as unknown };
  }

  it('are written, agreed to, loaded by its own process and tried; errors name their line', async () => {
    expect((await lineament('plugin', 'new', 'head', 'mine')).code).toBe(0);
    expect((await lineament('plugin', 'check', 'mine')).value).toMatchObject({
      error: { code: 'plugin/not-agreed' },
    });
    expect((await lineament('plugin', 'agree', 'mine')).code).toBe(0);
    expect((await lineament('plugin', 'check', 'mine')).code).toBe(0);
    // an enum is what only a compiler can translate
    await appendFile(join(data, 'plugins', 'mine.head.ts'), '\nenum Wrong { A }\n');
    expect((await lineament('plugin', 'agree', 'mine')).value).toMatchObject({
      ...{ state: 'agreed', problem: expect.stringContaining('line 35') },
    });
    const { code, value } = await lineament('plugin', 'check', 'mine');
    expect(code).toBe(1);
    expect(value).toMatchObject({
      error: { code: 'plugin/failed', message: expect.stringMatching(/mine\.head\.ts.*line \d+.*enum/s) },
    });
  }, 120_000);
});
