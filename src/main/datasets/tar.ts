import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { collect, type Member } from './members.ts';

/** The members of a tar archive, plain or compressed by gzip, in order. Throws where it is damaged or cut off. */
export async function* tarMembers(path: string, gzip: boolean): AsyncGenerator<Member> {
  const file = createReadStream(path);
  const unpacker = gzip ? createGunzip() : null;
  // Archives older than POSIX have no mark; the package's types lack the option that lets them in.
  const options = { highWaterMark: 65_536, allowUnknownFormat: true };
  const reader = extract(options);
  const fail = (failure: Error): void => {
    reader.destroy(failure);
  };
  file.on('error', fail);
  unpacker?.on('error', fail);
  (unpacker === null ? file : file.pipe(unpacker)).pipe(reader);
  try {
    for await (const entry of reader) {
      yield toMember(entry, gzip);
      entry.resume(); // what was not read has to pass
    }
  } finally {
    file.destroy();
    unpacker?.destroy();
    reader.destroy();
  }
}

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

function toMember(entry: Entry, gzip: boolean): Member {
  const { name, type, size = 0, mtime, linkname } = entry.header;
  const isFile = type === 'file' || type === 'contiguous-file';
  return {
    name,
    type: isFile ? 'file' : type === 'link' || type === 'symlink' ? 'link' : 'other',
    target: linkname ?? '',
    size,
    modified: mtime?.getTime() ?? null,
    encrypted: false,
    unpacked: gzip,
    read: () => collect(entry, size),
  };
}
