import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Cancelled, error } from '../../core/base/errors.ts';
import { byName, isJunk, isPictureHead } from './files.ts';
import { problem, withUniqueKeys } from './keys.ts';
import { folderLabel, layoutScan } from './layout.ts';
import { type Member, memberKey } from './members.ts';
import { tarMembers } from './tar.ts';
import type { Source, SourceItem, SourceLayout } from './types.ts';
import { zipMembers } from './zip.ts';

export type ArchiveFormat = 'zip' | 'tar' | 'tar.gz';

export interface ArchiveLimits {
  /** Most bytes of one member: it is held in memory. */
  readonly memberBytes: number;
  /** Most bytes that are unpacked in all, as a multiple of the archive's size (photographs hardly compress) … */
  readonly ratio: number;
  /** … but never less than this. */
  readonly unpackedBytes: number;
}

export const defaultArchiveLimits: ArchiveLimits = {
  memberBytes: 256 * 2 ** 20,
  ratio: 50,
  unpackedBytes: 2 ** 30,
};

/**
 * Photographs in an archive. Nothing is ever written, so that names that lead out of it do no harm; they are
 * reported, as are links, encrypted and damaged members and bombs. `layout` null means: find out by reading the
 * names once more (for compressed tar archives that takes unpacking them once more).
 */
export async function openArchive(
  path: string,
  format: ArchiveFormat,
  layout: SourceLayout | null,
  limits: ArchiveLimits = defaultArchiveLimits,
  signal?: AbortSignal,
): Promise<Source> {
  const { size } = await stat(path);
  const budget = Math.max(limits.unpackedBytes, size * limits.ratio);
  const members = (): AsyncGenerator<Member> =>
    format === 'zip' ? zipMembers(path) : tarMembers(path, format === 'tar.gz');
  const decided = layout ?? (await scanNames(members(), budget, signal));
  let ignored = 0;
  async function* items(abort?: AbortSignal): AsyncGenerator<SourceItem> {
    ignored = 0;
    let unpacked = 0;
    try {
      for await (const member of members()) {
        if (abort?.aborted) throw new Cancelled();
        if (member.unpacked) unpacked += member.size;
        const read = (): Promise<Uint8Array> => {
          if (!member.unpacked) unpacked += member.size;
          return member.read();
        };
        const item = unpacked > budget ? null : await readMember({ ...member, read }, decided, limits);
        if (unpacked > budget) {
          yield problem(basename(path), error('archive/bomb', { path, limit: budget, member: member.name }));
          return;
        }
        if (item === 'ignored') ignored++;
        else if (item !== null) yield item;
      }
    } catch (thrown) {
      if (thrown instanceof Cancelled) throw thrown;
      yield problem(basename(path), error('archive/damaged', { path, detail: text(thrown) }, thrown));
    }
  }
  return {
    kind: 'archive',
    layout: decided,
    path,
    items: (abort) => withUniqueKeys(items(abort)),
    ignored: () => ignored,
  };
}

const text = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The layout by the pictures' names; damage ends the scan, and is reported when the members are read. */
async function scanNames(
  members: AsyncIterable<Member>,
  budget: number,
  signal?: AbortSignal,
): Promise<SourceLayout> {
  const scan = layoutScan();
  let unpacked = 0;
  try {
    for await (const member of members) {
      if (signal?.aborted) throw new Cancelled();
      if (member.unpacked) unpacked += member.size;
      if (unpacked > budget) break;
      const key = member.type === 'file' ? memberKey(member.name) : null;
      if (key === null || key.split('/').some(isJunk) || byName(key) !== 'picture') continue;
      if (!scan.add(key)) break;
    }
  } catch (thrown) {
    if (thrown instanceof Cancelled) throw thrown;
  }
  return scan.layout();
}

/** What a member comes to: an item, 'ignored' for files that are no pictures, null for what nobody would miss. */
async function readMember(
  member: Member,
  layout: SourceLayout,
  limits: ArchiveLimits,
): Promise<SourceItem | 'ignored' | null> {
  if (member.type === 'other') return null;
  const key = memberKey(member.name);
  if (key === null) return problem(member.name, error('archive/unsafe-name', { path: member.name }));
  if (key.split('/').some(isJunk)) return null;
  if (member.type === 'link') {
    return problem(key, error('archive/link-member', { path: key, target: member.target }));
  }
  const verdict = byName(key);
  if (verdict === 'other') return 'ignored';
  if (member.encrypted) return problem(key, error('archive/encrypted-member', { path: key }));
  if (member.size > limits.memberBytes) {
    if (verdict === 'unsure') return 'ignored';
    const values = { path: key, bytes: member.size, limit: limits.memberBytes };
    return problem(key, error('archive/member-too-large', values));
  }
  let bytes: Uint8Array;
  try {
    bytes = await member.read();
  } catch (thrown) {
    // In a tar archive damage has no end, and the next member's turn throws it again, as the archive's.
    return problem(key, error('archive/member-damaged', { path: key, detail: text(thrown) }, thrown));
  }
  if (verdict === 'unsure' && !isPictureHead(bytes)) return 'ignored';
  const label = layout === 'identities' ? folderLabel(key) : null;
  const location = { type: 'bytes', bytes } as const;
  return { kind: 'photo', key, label, location, size: bytes.length, modified: member.modified };
}
