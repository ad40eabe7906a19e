import { noAugmentation } from '../../core/augment/options.ts';
import type { PackReader } from '../datasets/pack.ts';
import type { CropTable } from './crops.ts';
import { readCrop, renderCrop } from './render-crop.ts';

/**
 * Crops `rows` of the table as they are, resized where the network has another size: [rows, size, size, 3].
 * Throws training/crop-unusable.
 */
export async function readPictures(
  reader: PackReader,
  crops: CropTable,
  rows: readonly number[],
  size: number,
): Promise<Uint8Array> {
  const images = new Uint8Array(rows.length * size * size * 3);
  const look = { size, augmentation: noAugmentation, seed: 0 };
  await Promise.all(
    rows.map(async (row, i) => {
      const bytes = await readCrop(reader, crops, row);
      const { data } = await renderCrop(bytes, crops, row, look, { epoch: 0, place: 0 });
      images.set(data, i * size * size * 3);
    }),
  );
  return images;
}
