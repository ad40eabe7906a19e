import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from './files.ts';

/** What the last build was made from and what it made: enough to know that nothing is to be done. */
interface Stamp {
  readonly converter: string;
  /** File name → SHA-256. */
  readonly outputs: Readonly<Record<string, string>>;
}

const stampFile = 'stamp.json';

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One hash over every source file that decides what comes out; `sources` are files and folders. */
export async function converterHash(sources: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const source of sources) {
    const isFolder = (await stat(source)).isDirectory();
    const names = isFolder ? await readdir(source, { recursive: true }) : [''];
    for (const name of names.sort()) {
      const file = path.join(source, name);
      if (/\.(ts|txt)$/.test(file)) digest.update(`${name}\n`).update(await readFile(file));
    }
  }
  return digest.digest('hex');
}

async function readStamp(out: string): Promise<Stamp | null> {
  try {
    const stamp: unknown = JSON.parse(await readFile(path.join(out, stampFile), 'utf8'));
    return isStamp(stamp) ? stamp : null;
  } catch {
    // Missing or damaged: then nothing is known about the folder.
    return null;
  }
}

function isStamp(value: unknown): value is Stamp {
  if (typeof value !== 'object' || value === null || !('converter' in value && 'outputs' in value))
    return false;
  return typeof value.outputs === 'object' && value.outputs !== null;
}

/** True where `out` holds exactly what a build with this converter made. */
export async function isUpToDate(out: string, converter: string): Promise<boolean> {
  const stamp = await readStamp(out);
  if (stamp?.converter !== converter) return false;
  for (const [name, expected] of Object.entries(stamp.outputs)) {
    const bytes = await readFile(path.join(out, name)).catch(() => null);
    if (bytes === null || hash(bytes) !== expected) return false;
  }
  return true;
}

/** Records a build, and removes what the build before it made and this one did not. */
export async function writeStamp(
  out: string,
  converter: string,
  outputs: ReadonlyMap<string, string>,
): Promise<void> {
  const before = await readStamp(out);
  for (const name of Object.keys(before?.outputs ?? {})) {
    const inside = !path.relative(out, path.join(out, name)).startsWith('..');
    if (inside && !outputs.has(name)) await rm(path.join(out, name), { force: true });
  }
  const stamp: Stamp = { converter, outputs: Object.fromEntries(outputs) };
  await writeAtomically(path.join(out, stampFile), `${JSON.stringify(stamp, null, 2)}\n`);
}
