import { error } from '../../../core/base/errors.ts';

/** Longest upload, in bytes: a picture to search for, with room for uncompressed ones. */
export const uploadLimit = 256 * 1024 * 1024;

export interface LimitedBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Whether more came than is allowed; stays so whoever caught the error. */
  exceeded(): boolean;
}

/** Passes the chunks on until there are more than `limit` bytes; then throws `host/upload-too-large`. */
export function limitBody(chunks: AsyncIterable<Uint8Array>, limit: number): LimitedBody {
  let bytes = 0;
  async function* limited(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > limit) throw error('host/upload-too-large', { limit });
      yield chunk;
    }
  }
  return { body: limited(), exceeded: () => bytes > limit };
}
