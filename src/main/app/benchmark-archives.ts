import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { Context } from './context.ts';

/** Benchmarks that lie in archives: unpacked in the folder of uploads while they are looked at and read. */
export interface BenchmarkArchives {
  /** Where what a path names can be read: an archive's content, or the path itself. Errors: those of unpacking. */
  place(path: string): Promise<string>;
  /**
   * Keeps what `place` gave until the uploads discard it, and returns where it is then; null for what is no archive's
   * content. Until then it is gone with the next start, or when others were looked at.
   */
  keep(place: string): Promise<string | null>;
}

/** How the folders in which archives are kept begin; the rest of uploads knows them by `import-`. */
const keptMark = 'import-archive-';

/** A list and its pictures may be two archives, and one may be looked at while another is imported. */
const mostLookedAt = 4;

/** What an archive is called whose content lies at a path relative to the uploads; null for other uploads. */
export function archiveNameOf(inside: string): string | null {
  const [first = '', name] = inside.split(sep);
  return first.startsWith(keptMark) ? (name ?? null) : null;
}

export function benchmarkArchives({
  uploads,
  recogniser,
}: Pick<Context, 'uploads' | 'recogniser'>): BenchmarkArchives {
  // By the archive's path, size and time: recognised again and again while the dialog is filled in.
  const known = new Map<string, Promise<Unpacked>>();
  const unpack = async (path: string): Promise<Unpacked> => {
    const folder = join(uploads.root, 'incoming', `unpacked-${randomBytes(8).toString('hex')}`);
    const name = basename(path);
    const place = join(folder, name, name.replace(/\.(zip|tar|tgz|tar\.gz)$/i, '') || name);
    await mkdir(place, { recursive: true });
    try {
      const archive = await recogniser.use((methods) => methods.unpackBenchmark({ path, folder: place }));
      if (archive) return { folder, place };
      await rm(folder, { recursive: true, force: true });
      return { folder: null, place: path };
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true });
      throw thrown;
    }
  };
  const forget = async (key: string): Promise<void> => {
    const old = await known.get(key)?.catch(() => null);
    known.delete(key);
    if (old?.folder != null) await rm(old.folder, { recursive: true, force: true });
  };
  return {
    place: async (path) => {
      const stats = await stat(path).catch(() => null);
      if (stats?.isFile() !== true) return path;
      const key = `${stats.size} ${stats.mtimeMs} ${path}`;
      const found = known.get(key) ?? unpack(path);
      known.delete(key);
      known.set(key, found); // the last one that was asked for
      found.catch(() => known.delete(key));
      for (const first of [...known.keys()].slice(0, -mostLookedAt)) await forget(first);
      return (await found).place;
    },
    keep: async (place) => {
      for (const [key, unpacking] of known) {
        const found = await unpacking.catch(() => null);
        if (found === null || found.folder === null || found.place !== place) continue;
        known.delete(key);
        const kept = join(uploads.root, `${keptMark}${randomBytes(8).toString('hex')}`);
        await rename(found.folder, kept);
        return join(kept, place.slice(found.folder.length + 1));
      }
      return null;
    },
  };
}

interface Unpacked {
  /** To be moved or removed; null where the path is no archive. */
  readonly folder: string | null;
  readonly place: string;
}
