import { open, readFile, stat } from 'node:fs/promises';
import { error, type LineamentError } from '../../core/base/errors.ts';
import { type ImageFormat, sniff, sniffLength } from './sniff.ts';

/** A picture as its file's bytes or as a path. */
export type ImageInput = Uint8Array | string;

/** A picture whose format is known and whose pixels nobody has decoded yet. */
export interface ImageSource {
  /** What errors call it: the path, or what the caller names the bytes. */
  readonly name: string;
  readonly format: ImageFormat;
  /** The whole file, or null where it is so large that decoders read it from `path`. */
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
  /** Bytes in the file. */
  readonly size: number;
}

/** Files above this are read by the decoder piece by piece. */
const heldBytes = 64 * 2 ** 20;

/**
 * Opens a picture and recognises its format by content.
 * Errors: image/missing, image/unreadable, image/empty, image/file-too-large, image/unknown-format,
 * image/unsupported-format.
 */
export async function openImage(input: ImageInput, maxBytes: number, name?: string): Promise<ImageSource> {
  const called = name ?? (typeof input === 'string' ? input : 'the picture');
  const { bytes, path, size, head } = await read(input, maxBytes, called);
  if (size === 0) throw error('image/empty', { path: called });
  const kind = sniff(head);
  if (kind.kind === 'unknown') throw error('image/unknown-format', { path: called });
  if (kind.kind === 'unsupported') {
    throw error('image/unsupported-format', { path: called, format: kind.format });
  }
  return { name: called, format: kind.format, bytes, path, size };
}

interface Read {
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
  readonly size: number;
  readonly head: Uint8Array;
}

async function read(input: ImageInput, maxBytes: number, name: string): Promise<Read> {
  if (typeof input !== 'string') {
    checkBytes(name, input.length, maxBytes);
    return { bytes: input, path: null, size: input.length, head: input.subarray(0, sniffLength) };
  }
  try {
    const { size } = await stat(input);
    checkBytes(name, size, maxBytes);
    // libvips takes a bracket at the end of a name for options, so that such a file is always read here.
    if (size <= heldBytes || input.endsWith(']')) {
      const bytes = await readFile(input);
      return { bytes, path: input, size: bytes.length, head: bytes.subarray(0, sniffLength) };
    }
    return { bytes: null, path: input, size, head: await readHead(input) };
  } catch (thrown) {
    throw fileError(name, thrown);
  }
}

function checkBytes(path: string, bytes: number, limit: number): void {
  if (bytes > limit) throw error('image/file-too-large', { path, bytes, limit });
}

/** The first bytes of a file: enough for `sniff`. */
export async function readHead(path: string, length = sniffLength): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const head = new Uint8Array(length);
    const { bytesRead } = await file.read(head, 0, length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The catalogue's error for what the file system says; anything else stays what it is. */
export function fileError(path: string, thrown: unknown): LineamentError | unknown {
  if (!(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const code = String(thrown.code);
  if (code === 'ENOENT' || code === 'ENOTDIR') return error('image/missing', { path }, thrown);
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a folder',
    EIO: 'the disk reports an error',
    ELOOP: 'its symbolic links lead in a circle',
    ENAMETOOLONG: 'its name is too long',
  };
  if (!code.startsWith('E') || code.startsWith('ERR_')) return thrown;
  return error('image/unreadable', { path, reason: reasons[code] ?? code }, thrown);
}
