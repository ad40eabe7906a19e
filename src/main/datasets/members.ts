import { assert } from '../../core/base/assert.ts';

/** What an archive of either kind is read as. */
export interface Member {
  /** As written in the archive; judged by `memberKey`. */
  readonly name: string;
  readonly type: 'file' | 'link' | 'other';
  /** Where a link leads. */
  readonly target: string;
  /** Bytes when unpacked, as the archive states them; `read` never gives more. */
  readonly size: number;
  readonly modified: number | null;
  readonly encrypted: boolean;
  /** Whether passing over the member costs unpacking it (compressed tar archives). */
  readonly unpacked: boolean;
  /** The content; at most once, and before the next member is asked for. Throws what the unpacker throws. */
  read(): Promise<Uint8Array>;
}

/** The key of a member's name: `/` between parts, NFC. Null for names that lead out of the archive. */
export function memberKey(name: string): string | null {
  const path = name.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.includes('\0')) return null;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) return null;
  return parts.join('/').normalize('NFC');
}

/** All chunks as one array. Throws where they are more than `limit` bytes. */
export async function collect(chunks: AsyncIterable<unknown>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    assert(chunk instanceof Uint8Array, 'a stream of bytes');
    length += chunk.length;
    if (length > limit) throw new Error(`it unpacks to more than the ${limit} bytes that it states`);
    parts.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
