import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { ArchiveFormat } from './archive.ts';

/** What kind of archive a file is by its content, of which `head` is the first (512 bytes at least, where it has so many); null where it is none. */
export async function archiveFormat(path: string, head: Uint8Array): Promise<ArchiveFormat | null> {
  const [a, b, c, d] = head;
  // A member's header, the end of an empty archive, or the mark of one that was split.
  if (a === 0x50 && b === 0x4b && [0x0304, 0x0506, 0x0708].includes(((c ?? 0) << 8) | (d ?? 0))) return 'zip';
  if (a === 0x1f && b === 0x8b) {
    const content = await unpackedHead(path);
    // Where not even the start can be unpacked, the name decides whether that is a damaged archive.
    return isTarHeader(content) || (content.length < 512 && /\.(tgz|tar\.gz)$/i.test(path)) ? 'tar.gz' : null;
  }
  return isTarHeader(head) ? 'tar' : null;
}

/** The first 512 bytes of a gzip file's content; fewer where it is damaged. */
async function unpackedHead(path: string): Promise<Uint8Array> {
  const unpacker = createGunzip();
  const file = createReadStream(path, { end: 65_535 });
  file.on('error', (failure) => unpacker.destroy(failure));
  file.pipe(unpacker);
  const head = new Uint8Array(512);
  let length = 0;
  try {
    for await (const chunk of unpacker) {
      const bytes: Uint8Array = chunk;
      head.set(bytes.subarray(0, 512 - length), length);
      length = Math.min(512, length + bytes.length);
      if (length === 512) break;
    }
  } catch {
    // What was unpacked before the damage decides.
  } finally {
    file.destroy();
    unpacker.destroy();
  }
  return head.subarray(0, length);
}

/** Whether this is a tar header: its checksum is the sum of its bytes, with spaces in the checksum's own place. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < 512) return false;
  const stated = Number.parseInt(String.fromCharCode(...head.subarray(148, 156)).replace(/[\0 ]+$/, ''), 8);
  let sum = 8 * 32;
  for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += head[i] ?? 0;
  return sum === stated;
}
