import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = existsSync(join(root, 'dist', '.stamp'));

describe.skipIf(!built || process.platform === 'win32')('npm start', () => {
  let dataDir: string;
  let child: ChildProcess | undefined;

  afterEach(async () => {
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  it('serves where there is no display, says where in one line, and ends cleanly on Ctrl-C', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lineament-start-'));
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
    // A process group of its own, as a shell makes one: Ctrl-C goes to all of it.
    child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), '--no-open', '--data', dataDir], {
      env,
      detached: true,
    });
    let out = '';
    let err = '';
    child.stderr?.on('data', (chunk) => {
      err += String(chunk);
    });
    for await (const chunk of child.stdout ?? []) {
      out += String(chunk);
      if (out.includes('\n')) break;
    }
    expect(out).toMatch(/^Lineament is at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/);
    expect(err).toMatch(/There is no display, so the interface is served to a browser/);
    expect((await fetch(out.replace('Lineament is at ', '').trim())).status).toBe(200);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    // Nothing is left open: no log of the database, no lock, no address.
    expect((await readdir(dataDir)).filter((name) => /wal|journal|host/.test(name))).toEqual([]);
  });
});
