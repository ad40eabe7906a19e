const forever = 'private, max-age=31536000, immutable';

/** Vite puts a hash of the content into the names of what it writes to assets/: `index-B1x9_q-2.js`. */
const hashedAsset = /^assets\/.+-[\w-]{8,}\.\w+$/;

/** Media that a content hash addresses: see core/contract/media.ts. */
const hashedMedia = /^\/media\/(thumbnail|crop)\//;

/** `cache-control` of a file of the renderer; `file` is relative to its folder. */
export function fileCaching(file: string): string {
  return hashedAsset.test(file) ? forever : 'no-cache';
}

/** `cache-control` of an answer under `/media/`. */
export function mediaCaching(path: string, status: number): string {
  return status === 200 && hashedMedia.test(path) ? forever : 'no-store';
}
