import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { lockDataDir, readHolder } from '../../../src/main/store/lock.ts';
import { tempDir } from './support.ts';

let folder: ReturnType<typeof tempDir>;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = tempDir();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  folder.remove();
});

function errorOf(work: () => unknown): LineamentError | null {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof LineamentError) return thrown;
    throw thrown;
  }
  return null;
}

/** Another process that holds the folder until it is killed. */
async function holder(): Promise<ChildProcess> {
  const lock = new URL('../../../src/main/store/lock.ts', import.meta.url).href;
  const program = `
    const { lockDataDir } = await import(${JSON.stringify(lock)});
    lockDataDir(${JSON.stringify(folder.dir)}).announce({ url: 'http://127.0.0.1:1/', token: 't' });
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of a data folder', () => {
  it('is held by one at a time, and says by whom', () => {
    const lock = lockDataDir(folder.dir);
    expect(readHolder(folder.dir)).toEqual({ pid: process.pid, url: null, token: null });
    const refused = errorOf(() => lockDataDir(folder.dir));
    expect(refused?.code).toBe('store/in-use');
    expect(refused?.values['pid']).toBe(process.pid);
    lock.announce({ url: 'http://127.0.0.1:9/', token: 'secret' });
    expect(readHolder(folder.dir)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:9/', token: 'secret' });
    lock.release();
    lock.release();
    expect(readHolder(folder.dir)).toBeNull();
    lockDataDir(folder.dir).release();
  });

  it('is held against other processes, and free again when one is killed', async () => {
    const child = await holder();
    const refused = errorOf(() => lockDataDir(folder.dir));
    expect(refused?.code).toBe('store/in-use');
    expect(refused?.values['pid']).toBe(child.pid);
    expect(readHolder(folder.dir)?.token).toBe('t');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = lockDataDir(folder.dir);
    expect(readHolder(folder.dir)).toEqual({ pid: process.pid, url: null, token: null });
    lock.release();
  });

  it('does not take a folder that cannot be used for one that is in use', () => {
    expect(errorOf(() => lockDataDir(join(folder.dir, 'missing')))?.code ?? 'none').toBe('store/unusable');
    writeFileSync(
      join(folder.dir, 'lock.db'),
      'not a database, but long enough to look like one '.repeat(30),
    );
    expect(errorOf(() => lockDataDir(folder.dir))?.code).toBe('store/unusable');
  });

  it('takes a broken note about the holder for none', () => {
    writeFileSync(join(folder.dir, 'host.json'), '{"pid": 12');
    expect(readHolder(folder.dir)).toBeNull();
    writeFileSync(join(folder.dir, 'host.json'), '{"pid": "12"}');
    expect(readHolder(folder.dir)).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('keeps the token from other users', async () => {
    lockDataDir(folder.dir).announce({ url: 'u', token: 't' });
    const { statSync } = await import('node:fs');
    expect(statSync(join(folder.dir, 'host.json')).mode & 0o077).toBe(0);
    expect(existsSync(join(folder.dir, 'lock.db'))).toBe(true);
    chmodSync(folder.dir, 0o700);
  });
});
