import { crc32, deflateRawSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';

/** Archives for tests: good ones by libraries, wicked zips by hand. */

export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A proper zip. */
export async function zipOf(members: readonly ZipMember[]): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const { name, bytes } of members) {
    zip.addBuffer(Buffer.from(bytes), name, { mtime: new Date(2020, 1, 2), compress: true });
  }
  zip.end();
  return gather(zip.outputStream);
}

async function gather(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

export interface WickedMember extends ZipMember {
  readonly encrypted?: boolean;
  readonly symlink?: boolean;
  /** Stated instead of the true number of unpacked bytes. */
  readonly size?: number;
  /** Stated instead of the true checksum. */
  readonly crc?: number;
}

/** A zip with any names, flags and sizes: [local header, data]…, central directory, end (PKWARE's APPNOTE 4.3). */
export function wickedZip(members: readonly WickedMember[]): Uint8Array {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const data = deflateRawSync(member.bytes);
    const shared = Buffer.alloc(26); // from "version needed" to "extra length"
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE((member.encrypted === true ? 1 : 0) | 0x800, 2); // names in UTF-8
    shared.writeUInt16LE(8, 4);
    shared.writeUInt16LE(33, 8); // 1 January 1980
    shared.writeUInt32LE(member.crc ?? crc32(member.bytes), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(member.size ?? member.bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, name, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(member.symlink === true ? 0o120777 * 65536 : 0, 6);
    tail.writeUInt32LE(offset, 10);
    const made = Buffer.from([0x14, 3]); // by version 2.0 on Unix
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, shared, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...locals, directory, end]));
}

export interface TarMember extends ZipMember {
  readonly type?: 'file' | 'symlink' | 'link' | 'directory' | 'fifo';
  readonly linkname?: string;
}

/** A tar with any names and kinds of members. */
export async function tarOf(members: readonly TarMember[]): Promise<Uint8Array> {
  const tar = pack();
  for (const { name, bytes, type = 'file', linkname = '' } of members) {
    const header = { name, type, linkname, mtime: new Date(Date.UTC(2020, 1, 2)) };
    if (type === 'file') tar.entry(header, bytes);
    else tar.entry({ ...header, size: 0 });
  }
  tar.finalize();
  return gather(tar);
}
