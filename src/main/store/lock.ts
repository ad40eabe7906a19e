import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { error } from '../../core/base/errors.ts';

/** Who holds a data folder, and where that process can be reached. */
const holder = z.object({ pid: z.int(), url: z.string().nullable(), token: z.string().nullable() });
export type Holder = z.infer<typeof holder>;

export interface Lock {
  /** Says where this process answers, for other processes of the same user. */
  announce(address: { readonly url: string; readonly token: string }): void;
  release(): void;
}

const holderFile = 'host.json';

/** Who holds the folder, as far as it said so. */
export function readHolder(dataDir: string): Holder | null {
  try {
    return holder.parse(JSON.parse(readFileSync(join(dataDir, holderFile), 'utf8')));
  } catch {
    return null; // not there, or half written: the lock itself decides
  }
}

/**
 * Takes the data folder for this process alone. The lock is an open exclusive transaction on a file of its own, so that
 * the operating system frees it however the process ends. Errors: `store/in-use`, `store/unusable`.
 */
export function lockDataDir(dataDir: string): Lock {
  const file = join(dataDir, 'lock.db');
  const path = join(dataDir, holderFile);
  const write = (value: Holder): void => writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { timeout: 500 });
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    write({ pid: process.pid, url: null, token: null });
  } catch (thrown) {
    db?.close();
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (code.startsWith('SQLITE_BUSY')) {
      throw error('store/in-use', { path: dataDir, pid: readHolder(dataDir)?.pid ?? 'unknown' }, thrown);
    }
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw error('store/unusable', { path: file, detail }, thrown);
  }
  const held = db;
  return {
    announce: ({ url, token }) => write({ pid: process.pid, url, token }),
    release: () => {
      if (!held.open) return;
      rmSync(path, { force: true });
      held.exec('ROLLBACK');
      held.close();
    },
  };
}
