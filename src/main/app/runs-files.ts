import { cp, link, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeError } from '../datasets/write-error.ts';

/** A run's files: `runs/<id>/`, with `checkpoints/` and `metrics.f32`. */
export interface RunFiles {
  readonly folder: string;
  readonly checkpoints: string;
  readonly metrics: string;
}

export function runFiles(dataDir: string, run: number): RunFiles {
  const folder = join(dataDir, 'runs', String(run));
  return { folder, checkpoints: join(folder, 'checkpoints'), metrics: join(folder, 'metrics.f32') };
}

/** Error: `pack/write-failed`. */
export async function makeRunFolder(files: RunFiles): Promise<void> {
  try {
    await mkdir(files.checkpoints, { recursive: true });
  } catch (thrown) {
    throw writeError(files.folder, thrown);
  }
}

export async function removeRunFolder(files: RunFiles): Promise<void> {
  await rm(files.folder, { recursive: true, force: true });
}

/** A second name for a checkpoint that another run may delete; a copy where the disk knows no links. */
export async function keepFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to).catch(() => cp(from, to));
  } catch (thrown) {
    throw writeError(to, thrown);
  }
}

/** A copy of somebody else's file. */
export async function copyFile(from: string, to: string): Promise<void> {
  try {
    await cp(from, to);
  } catch (thrown) {
    throw writeError(to, thrown);
  }
}

/** Deletes the folders of runs that are not there any more: what a crash left of a removal. */
export async function removeOrphanFolders(dataDir: string, known: ReadonlySet<number>): Promise<void> {
  const names = await readdir(join(dataDir, 'runs')).catch(() => []);
  for (const name of names) {
    if (!/^\d+$/.test(name) || known.has(Number(name))) continue;
    await rm(join(dataDir, 'runs', name), { recursive: true, force: true });
  }
}
