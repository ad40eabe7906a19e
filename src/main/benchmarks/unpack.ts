import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Cancelled, error, LineamentError } from '../../core/base/errors.ts';
import { type ArchiveFormat, type ArchiveLimits, defaultArchiveLimits } from '../datasets/archive.ts';
import { archiveFormat } from '../datasets/archive-format.ts';
import { isJunk } from '../datasets/files.ts';
import { type Member, memberKey } from '../datasets/members.ts';
import { tarMembers } from '../datasets/tar.ts';
import { zipMembers } from '../datasets/zip.ts';
import { readHead } from '../images/source.ts';
import { messageOf } from './read-file.ts';
import { mostFiles } from './survey.ts';

/** What kind of archive lies at a path; null for folders, other files, and where nothing is. */
export async function archiveAt(path: string): Promise<ArchiveFormat | null> {
  const stats = await stat(path).catch(() => null);
  if (stats?.isFile() !== true) return null;
  return archiveFormat(path, await readHead(path, 512));
}

/**
 * Writes the files of an archive below a folder that is there. Links are passed over, as in folders, and so is what systems leave
 * behind. Whatever else is wrong ends it: what was written is the caller's to remove. Errors: archive/bomb, archive/damaged,
 * archive/unsafe-name, archive/encrypted-member, archive/member-too-large, archive/member-damaged, benchmark/too-many-files, `Cancelled`.
 */
export async function unpackArchive(
  path: string,
  format: ArchiveFormat,
  folder: string,
  limits: ArchiveLimits = defaultArchiveLimits,
  signal?: AbortSignal,
): Promise<void> {
  const { size } = await stat(path);
  const budget = Math.max(limits.unpackedBytes, size * limits.ratio);
  const made = new Set<string>();
  let unpacked = 0;
  let files = 0;
  try {
    const members = format === 'zip' ? zipMembers(path) : tarMembers(path, format === 'tar.gz');
    for await (const member of members) {
      if (signal?.aborted) throw new Cancelled();
      // Passing over a member of a compressed tar costs as much as reading it.
      if (member.type === 'file' || member.unpacked) unpacked += member.size;
      if (unpacked > budget) throw error('archive/bomb', { path, limit: budget, member: member.name });
      if (++files > mostFiles) throw error('benchmark/too-many-files', { path, limit: mostFiles });
      const key = checkedKey(member, limits);
      if (key === null) continue;
      const bytes = await contentOf(member, key);
      const target = join(folder, ...key.split('/'));
      if (!made.has(dirname(target))) await mkdir(dirname(target), { recursive: true });
      made.add(dirname(target));
      await writeFile(target, bytes);
    }
  } catch (thrown) {
    if (thrown instanceof LineamentError || thrown instanceof Cancelled) throw thrown;
    throw error('archive/damaged', { path: basename(path), detail: messageOf(thrown) }, thrown);
  }
}

/** Where a member goes, with `/`; null for what is passed over. */
function checkedKey(member: Member, { memberBytes }: ArchiveLimits): string | null {
  if (member.type !== 'file') return null;
  const key = memberKey(member.name);
  if (key === null) throw error('archive/unsafe-name', { path: member.name });
  if (key.split('/').some(isJunk)) return null;
  if (member.encrypted) throw error('archive/encrypted-member', { path: key });
  if (member.size > memberBytes)
    throw error('archive/member-too-large', { path: key, bytes: member.size, limit: memberBytes });
  return key;
}

async function contentOf(member: Member, key: string): Promise<Uint8Array> {
  try {
    return await member.read();
  } catch (thrown) {
    throw error('archive/member-damaged', { path: key, detail: messageOf(thrown) }, thrown);
  }
}
