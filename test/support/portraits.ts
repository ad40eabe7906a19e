import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { RgbImage } from '../../src/core/base/image.ts';
import { sculpt } from '../../src/core/people/figure.ts';
import { person } from '../../src/core/people/person.ts';
import { photograph } from '../../src/core/people/portrait.ts';
import { shot, usualLimits } from '../../src/core/people/shot.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const side = 320;

/** People who look unlike each other, also to a face network, by their seeds. */
export const cast = [
  { name: 'Ada Lindqvist', seed: 118 },
  { name: 'Bram Okafor', seed: 23 },
  { name: 'Carla Iwu', seed: 28 },
  { name: 'Dmitri Sand', seed: 72 },
  { name: 'Edda Moreau', seed: 30 },
] as const;

/** Calm portraits: what changes is pose, expression, light, clothes and background. */
const limits = { ...usualLimits, yaw: 22, pitch: 10, roll: 8, difficulty: 0.3, occlusion: 0 };

async function write(image: RgbImage, path: string): Promise<void> {
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  await sharp(image.data, { raw }).jpeg({ quality: 92 }).toFile(path);
}

/** A name for what the renderer of people is now, so that pictures of an older one are not used again. */
function rendererHash(): string {
  const folder = join(root, 'src', 'core', 'people');
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * A folder of generated photographs, `count` of each of these people, in a folder per person; nobody in them exists. It is
 * made once and kept in the cache: read it, never write into it.
 */
export async function portraits(
  count: number,
  people: readonly { readonly name: string; readonly seed: number }[] = cast,
): Promise<string> {
  const name = `${rendererHash()}-${people.map(({ seed }) => seed).join('-')}x${count}`;
  const folder = join(root, 'node_modules', '.cache', 'lineament-portraits', name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  for (const { name, seed } of people) {
    mkdirSync(join(partial, name), { recursive: true });
    const figure = sculpt(person(seed), 'large');
    for (let i = 0; i < count; i++) {
      const { image } = photograph(figure, shot(seed * 100 + i, limits), side, side);
      await write(image, join(partial, name, `${name} ${i + 1}.jpg`));
    }
  }
  if (existsSync(folder)) return folder; // another test file was quicker
  renameSync(partial, folder);
  return folder;
}
