import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type RgbImage, rgbImage } from '../../src/core/base/image.ts';
import { type ModelCard, modelCard } from '../../src/core/contract/model-card.ts';

/** A photograph of a bench, and the name of the person in it. */
export interface Labelled {
  readonly path: string;
  readonly label: string;
}

/** Every photograph of a folder per person, in the order of the names. */
export function folderPerPerson(root: string): Labelled[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((label) =>
      readdirSync(join(root, label))
        .sort()
        .map((file) => ({ path: join(root, label, file), label })),
    );
}

/** Upright red, green and blue pixels, at most `maxSide` a side. */
export async function decode(path: string, maxSide = 1600): Promise<RgbImage> {
  const { data, info } = await sharp(path)
    .rotate()
    .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return rgbImage(info.width, info.height, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** Decodes ahead of their use, so that the next photograph is read while the present one is searched. */
export async function* decoded<Item extends { readonly path: string }>(
  items: readonly Item[],
  ahead = 3,
): AsyncGenerator<{ item: Item; image: RgbImage }> {
  const waiting: Promise<{ item: Item; image: RgbImage }>[] = [];
  const start = (item: Item | undefined): void => {
    if (item) waiting.push(decode(item.path).then((image) => ({ item, image })));
  };
  for (const item of items.slice(0, ahead)) start(item);
  for (let i = 0; i < items.length; i++) {
    const next = waiting.shift();
    if (!next) return;
    start(items[i + ahead]);
    yield await next;
  }
}

export function readCard(dir: string, id: string): ModelCard {
  return modelCard.parse(JSON.parse(readFileSync(join(dir, `${id}.json`), 'utf8')));
}

/** The value after `--name` on the command line. */
export function option(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return (at >= 0 ? process.argv[at + 1] : undefined) ?? fallback;
}
