import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Cancelled, error } from '../../core/base/errors.ts';
import { byName, isJunk } from '../datasets/files.ts';
import { cannotRead } from './read-file.ts';

/** What lies in a folder: paths relative to it, with `/`, as the disk spells them. */
export interface Survey {
  readonly root: string;
  readonly pictures: readonly string[];
  /** Everything that is no picture by its name. */
  readonly others: readonly string[];
}

/** More files than any benchmark has: MegaFace has a million. */
export const mostFiles = 2_000_000;
const mostDepth = 16;

/**
 * All files below a folder, in the order of names; links are not followed. Errors: file/cannot-read (the folder itself; what is
 * below and cannot be read is passed over), benchmark/too-many-files, `Cancelled`.
 */
export async function surveyFolder(root: string, signal?: AbortSignal): Promise<Survey> {
  const pictures: string[] = [];
  const others: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (signal?.aborted) throw new Cancelled();
    let entries: Dirent[];
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (thrown) {
      if (depth === 0) throw cannotRead(root, thrown);
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (isJunk(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && depth < mostDepth) await walk(path, depth + 1);
      else if (entry.isFile()) (byName(entry.name) === 'picture' ? pictures : others).push(path);
      if (pictures.length + others.length > mostFiles)
        throw error('benchmark/too-many-files', { path: root, limit: mostFiles });
    }
  };
  await walk('', 0);
  return { root, pictures, others };
}
