import type { ImportPreview } from '../../core/contract/datasets.ts';

/** Pixels of a picture's sides; null where the browser cannot read it. */
export type Measure = (file: File) => Promise<{ readonly width: number; readonly height: number } | null>;

/** So many are looked at, at most, as the application does with pictures on its machine. */
const most = 24;
const picture = /\.(jpe?g|png|webp|gif|bmp|avif)$/i;

/** What the first pictures among files that wait to be sent have in common. It ends at the first that differs. */
export async function previewFiles(
  files: readonly File[],
  measure: Measure,
  signal: AbortSignal,
): Promise<ImportPreview> {
  let side: number | null = null;
  let pictures = 0;
  for (const file of files.filter(({ name }) => picture.test(name)).slice(0, most)) {
    if (signal.aborted) break;
    const size = await measure(file);
    if (size === null) continue;
    pictures++;
    side ??= size.width;
    if (size.width !== side || size.height !== side) return { pictures, side: null };
  }
  return { pictures, side };
}

/** Two looks as one. */
export function both(one: ImportPreview, two: ImportPreview): ImportPreview {
  if (one.pictures === 0) return two;
  if (two.pictures === 0) return one;
  return { pictures: one.pictures + two.pictures, side: one.side === two.side ? one.side : null };
}

/** Decodes the picture, as the browser lets nobody read its size alone. */
export const measureBitmap: Measure = async (file) => {
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return null;
  }
};
