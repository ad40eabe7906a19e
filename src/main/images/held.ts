import { error } from '../../core/base/errors.ts';
import type { ImageSource } from './source.ts';

/** The file's bytes, for decoders that need them at once. Errors: image/file-too-large. */
export function heldFile(source: ImageSource): Uint8Array {
  if (source.bytes !== null) return source.bytes;
  throw error('image/file-too-large', { path: source.name, bytes: source.size, limit: 64 * 2 ** 20 });
}
