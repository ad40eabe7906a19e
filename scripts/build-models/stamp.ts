import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from './files.ts';

/** What the last build was made from and what it made: enough to know that nothing is to be done. */
interface Stamp {
  readonly converter: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const stampFile = 'stamp.json';

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One hash over every source file that decides what comes out. */
export async function converterHash(folders: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const folder of folders) {
    const names = (await readdir(folder, { recursive: true }))
      .filter((name) => /\.(ts|txt)$/.test(name))
      .sort();
    for (const name of names) digest.update(`${name}\n`).update(await readFile(path.join(folder, name)));
  }
  return digest.digest('hex');
}

/** True where `out` holds exactly what a build with this converter made. */
export async function isUpToDate(out: string, converter: string): Promise<boolean> {
  try {
    const stamp: unknown = JSON.parse(await readFile(path.join(out, stampFile), 'utf8'));
    if (!isStamp(stamp) || stamp.converter !== converter) return false;
    for (const [name, expected] of Object.entries(stamp.outputs)) {
      if (hash(await readFile(path.join(out, name))) !== expected) return false;
    }
    return true;
  } catch {
    // A stamp or output that is missing or unreadable means: build.
    return false;
  }
}

function isStamp(value: unknown): value is Stamp {
  return typeof value === 'object' && value !== null && 'converter' in value && 'outputs' in value;
}

export async function writeStamp(
  out: string,
  converter: string,
  outputs: ReadonlyMap<string, string>,
): Promise<void> {
  const stamp: Stamp = { converter, outputs: Object.fromEntries(outputs) };
  await writeAtomically(path.join(out, stampFile), `${JSON.stringify(stamp, null, 2)}\n`);
}
