import sharp from 'sharp';

/**
 * Settings of libvips for this process; call it once where the process starts. One thread per image: several images
 * run side by side (`mapConcurrent`), which is faster than several threads on one. No cache: every photograph is
 * read once, and a cache would only hold its memory.
 */
export function configureImages(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}
