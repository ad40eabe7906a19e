import { describe, expect, it } from 'vitest';
import { decodeCrop, encodeCrop } from '../../../src/main/images/encode.ts';
import { testPicture } from '../../support/pictures.ts';

describe('crops', () => {
  it('come back as they were, and have the same bytes every time', async () => {
    for (const seed of [1, 2, 3]) {
      const crop = testPicture(seed, 112, 112);
      const bytes = await encodeCrop(crop);
      expect(await decodeCrop(bytes)).toEqual(crop);
      expect(await encodeCrop(testPicture(seed, 112, 112))).toEqual(bytes);
    }
  });

  it('that are damaged are refused by name', async () => {
    const bytes = await encodeCrop(testPicture(1, 112, 112));
    await expect(decodeCrop(bytes.subarray(0, 900), 'crop 7')).rejects.toMatchObject({
      code: 'image/damaged',
      values: { path: 'crop 7' },
    });
  });
});
