import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { error } from '../../core/base/errors.ts';
import { memberKey } from '../datasets/members.ts';

/** Files that a browser sent: kept in the data folder until they are imported or the application ends. */
export interface Uploads {
  /** The folder that they are in. */
  readonly root: string;
  /** Stores a file under the name (a path is allowed) that it had; returns its id. */
  receive(name: string, body: AsyncIterable<Uint8Array>): Promise<string>;
  /** Where the file lies. Error: `upload/unknown`. */
  path(upload: string): Promise<string>;
  /**
   * Gathers uploads into one folder with their own paths below it, and returns the folder; a single file, which may be
   * an archive or a list, comes back itself.
   */
  gather(uploads: readonly string[]): Promise<string>;
  /** Deletes those of the paths that are gathered uploads. */
  discard(paths: readonly string[]): Promise<void>;
}

/** Opens the folder of uploads; single files that were never gathered are left from an earlier time and deleted. */
export async function openUploads(dataDir: string): Promise<Uploads> {
  const root = join(dataDir, 'uploads');
  const incoming = join(root, 'incoming');
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });

  const folderOf = (upload: string): string => {
    if (!/^[0-9a-f]{24}$/.test(upload)) throw error('upload/unknown', { upload });
    return join(incoming, upload);
  };
  const path = async (upload: string): Promise<string> => {
    const folder = folderOf(upload);
    const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch((thrown: unknown) => {
      throw error('upload/unknown', { upload }, thrown);
    });
    const file = files.find((entry) => entry.isFile());
    if (file === undefined) throw error('upload/unknown', { upload });
    return join(file.parentPath, file.name);
  };
  return {
    root,
    path,
    receive: async (name, body) => {
      const upload = randomBytes(12).toString('hex');
      // Names that would lead out of the folder are replaced, as in archives.
      const target = join(folderOf(upload), ...(memberKey(name) ?? 'file').split('/'));
      await mkdir(dirname(target), { recursive: true });
      try {
        await pipeline(body, createWriteStream(target, { flags: 'wx' }));
      } catch (thrown) {
        await rm(folderOf(upload), { recursive: true, force: true });
        throw thrown;
      }
      return upload;
    },
    gather: async (uploads) => {
      const folder = join(root, `import-${randomBytes(8).toString('hex')}`);
      let last = folder;
      for (const upload of uploads) {
        const from = await path(upload);
        last = join(folder, relative(folderOf(upload), from));
        // Two files of one name, or a file where another needs a folder: the second goes into a folder of its own.
        const made = await mkdir(dirname(last), { recursive: true }).then(
          () => true,
          () => false,
        );
        if (!made || (await stat(last).catch(() => null)) !== null) {
          last = join(folder, upload, relative(folderOf(upload), from));
          await mkdir(dirname(last), { recursive: true });
        }
        await rename(from, last);
        await rm(folderOf(upload), { recursive: true, force: true });
      }
      return uploads.length === 1 ? last : folder;
    },
    discard: async (paths) => {
      for (const candidate of paths) {
        const inside = relative(root, resolve(candidate));
        if (inside.startsWith('..') || inside === '') continue;
        const [first] = inside.split(sep);
        if (first?.startsWith('import-')) await rm(join(root, first), { recursive: true, force: true });
      }
    },
  };
}
