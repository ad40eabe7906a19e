import { crc32 } from 'node:zlib';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { collect, type Member } from './members.ts';

/** The members of a zip archive, by its central directory. Throws where that is damaged. */
export async function* zipMembers(path: string): AsyncGenerator<Member> {
  // Names are decoded here: with `decodeStrings` one bad name ends the whole archive.
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    for await (const entry of zip.eachEntry()) yield toMember(zip, entry);
  } finally {
    zip.close();
  }
}

function toMember(zip: ZipFile, entry: Entry): Member {
  const name = getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields ?? [],
    false,
  );
  // The upper half holds the Unix mode where the archive was made on Unix.
  const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
  return {
    name,
    type: name.endsWith('/') ? 'other' : isLink ? 'link' : 'file',
    target: isLink ? 'another file' : '',
    size: entry.uncompressedSize,
    modified: entry.getLastModDate().getTime(),
    encrypted: entry.isEncrypted(),
    unpacked: false,
    read: async () => {
      const stream = await zip.openReadStreamPromise(entry);
      const bytes = await collect(stream, entry.uncompressedSize);
      if (crc32(bytes) !== entry.crc32) throw new Error('its checksum is wrong');
      return bytes;
    },
  };
}
