import { noAugmentation } from '../../src/core/augment/options.ts';
import type { RgbImage } from '../../src/core/base/image.ts';
import { rgbImage } from '../../src/core/base/image.ts';
import { seededRandom } from '../../src/core/base/random.ts';
import { openPack } from '../../src/main/datasets/pack.ts';
import { encodeCrop } from '../../src/main/images/encode.ts';
import type { CropTable } from '../../src/main/training/crops.ts';
import type { LoaderOptions } from '../../src/main/training/loader.ts';

/**
 * A picture that is soft like a face's and unlike any other's: what class it is of decides its colours, its number the
 * rest.
 */
export function softCrop(number: number, identity: number, side: number): RgbImage {
  const random = seededRandom(identity * 1000 + 1);
  const waves = Array.from({ length: 3 }, () => [random.next(), random.next(), random.next()] as const);
  const shift = seededRandom(number + 7).next();
  const image = rgbImage(side, side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (const [c, [a, b, phase]] of waves.entries()) {
        const angle = ((x * a + y * b) / side + phase + shift * 0.2) * 9;
        image.data[(y * side + x) * 3 + c] = Math.round(127.5 + 100 * Math.sin(angle) + 20 * Math.cos(x * y));
      }
    }
  }
  return image;
}

/** Crops as the application keeps them: PNGs in packs in `dir`, `perIdentity` for each of so many identities. */
export async function writeCrops(
  dir: string,
  {
    identities,
    perIdentity,
    side = 112,
  }: { readonly identities: number; readonly perIdentity: number; readonly side?: number },
): Promise<CropTable> {
  const classes = Int32Array.from({ length: identities * perIdentity }, (_, i) =>
    Math.floor(i / perIdentity),
  );
  const images = Array.from(classes, (identity, i) => softCrop(i, identity, side));
  return await writeCropImages(dir, images, classes);
}

/** These pictures in packs in `dir`; in several, so that more than one file is read. */
export async function writeCropImages(
  dir: string,
  images: readonly RgbImage[],
  classes: Int32Array = new Int32Array(images.length),
): Promise<CropTable> {
  const pack = await openPack(dir, { name: 'crops', committed: null, fileBytes: 200_000 });
  const count = images.length;
  const table = {
    classes,
    files: new Int32Array(count),
    offsets: new Float64Array(count),
    lengths: new Int32Array(count),
  };
  for (const [i, image] of images.entries()) {
    const { file, offset, length } = await pack.append(await encodeCrop(image));
    table.files[i] = file;
    table.offsets[i] = offset;
    table.lengths[i] = length;
  }
  await pack.flush();
  await pack.close();
  return table;
}

/** A loader's options over crops of 48 pixels: six pictures a step, nine steps, all shuffled and changed a little. */
export function loaderOptions(
  crops: CropTable,
  packsDir: string,
  more: Partial<LoaderOptions> = {},
): LoaderOptions {
  return {
    ...{ crops, packsDir, size: 32 },
    augmentation: { ...noAugmentation, cropFrom: 40, flip: 0.5, jpeg: 0.3 },
    sampler: { kind: 'shuffle' },
    ...{ seed: 5, stepImages: 6, firstStep: 0, steps: 9, workers: 1, ahead: 2 },
    ...more,
  };
}
