import { basename } from 'node:path';
import { augment, jpegQuality } from '../../core/augment/augment.ts';
import type { AugmentOptions } from '../../core/augment/options.ts';
import { augmentationSeed } from '../../core/augment/seed.ts';
import { error, LineamentError } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import { seededRandom } from '../../core/base/random.ts';
import { type PackReader, packPath } from '../datasets/pack.ts';
import { decodeCrop } from '../images/encode.ts';
import { recompress } from '../images/recompress.ts';
import type { Augmentation } from '../plugins/augmentation.ts';
import type { CropTable } from './crops.ts';

/** What decides how a crop looks in a step, besides the crop. */
export interface Look {
  /** Side of the network's input in pixels. */
  readonly size: number;
  readonly augmentation: AugmentOptions & { readonly plugin?: string | null };
  /** The run's. */
  readonly seed: number;
}

/** The bytes of a picture of the table. Throws training/crop-unusable. */
export async function readCrop(reader: PackReader, crops: CropTable, index: number): Promise<Uint8Array> {
  const location = {
    file: crops.files[index] ?? 0,
    offset: crops.offsets[index] ?? 0,
    length: crops.lengths[index] ?? 0,
  };
  try {
    return await reader.read(location);
  } catch (thrown) {
    throw unusable(crops, index, thrown);
  }
}

/**
 * The picture as the network sees it at that place of that epoch: [size, size, 3]. Always the same, whoever asks and when.
 * `own` is the user's augmentation that `augmentation` names. Throws training/crop-unusable, plugin/failed.
 */
export async function renderCrop(
  bytes: Uint8Array,
  crops: CropTable,
  index: number,
  { size, augmentation, seed }: Look,
  { epoch, place }: { readonly epoch: number; readonly place: number },
  own: Augmentation | null = null,
): Promise<RgbImage> {
  const image = await decode(bytes).catch((thrown: unknown) => {
    throw unusable(crops, index, thrown);
  });
  const random = seededRandom(augmentationSeed(seed, epoch, place));
  const altered = augment(image, augmentation, size, random);
  const out = own === null ? altered : own(altered, random);
  const quality = jpegQuality(augmentation, random);
  return quality === null ? out : await recompress(out, quality);
}

async function decode(bytes: Uint8Array): Promise<RgbImage> {
  if (bytes.every((byte) => byte === 0)) throw new Error('it was erased');
  const image = await decodeCrop(bytes);
  if (image.width !== image.height) {
    throw new Error(`it has ${image.width} × ${image.height} pixels, and crops are square`);
  }
  return image;
}

function unusable(crops: CropTable, index: number, thrown: unknown): Error {
  const path = packPath('', 'crops', crops.files[index] ?? 0);
  const place = `byte ${crops.offsets[index] ?? 0} of ${basename(path)}`;
  const why =
    thrown instanceof LineamentError
      ? String(thrown.values['detail'] ?? thrown.message)
      : thrown instanceof Error
        ? thrown.message
        : String(thrown);
  return error('training/crop-unusable', { index, detail: `at ${place}, ${why}` }, thrown);
}
