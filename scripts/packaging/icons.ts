import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const sizes = [16, 32, 48, 64, 128, 256, 512, 1024]; // pixels

/** Draws resources/icon.svg at every size that a desktop wants, as `512x512.png`. */
export async function makeIcons(root: string, folder: string): Promise<void> {
  const drawing = await readFile(join(root, 'resources', 'icon.svg'));
  await mkdir(folder, { recursive: true });
  for (const size of sizes) {
    // The drawing is 512 units wide; 72 dots an inch draw a unit as a pixel.
    const density = Math.max(1, (72 * size) / 512);
    await sharp(drawing, { density })
      .resize(size, size)
      .png({ compressionLevel: 9 })
      .toFile(join(folder, `${size}x${size}.png`));
  }
}
