import { describe, expect, it } from 'vitest';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import { findModel, readModels } from '../../../src/main/models/cards.ts';
import { openEmbedder } from '../../../src/main/models/embedder.ts';
import { testPicture } from '../../support/pictures.ts';
import { builtInDir, hasBuiltIn } from './places.ts';

/** Each pixel `times`×`times` times, with noise whose average over that block is 0. */
function enlarge(image: RgbImage, times: number): RgbImage {
  const out = rgbImage(image.width * times, image.height * times);
  for (let y = 0, o = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      const i = (Math.floor(y / times) * image.width + Math.floor(x / times)) * 3;
      for (let c = 0; c < 3; c++, o++) {
        const value = image.data[i + c] ?? 0;
        const room = Math.min(value, 255 - value, 90);
        out.data[o] = value + ((x + y) % 2 === 0 ? room : -room);
      }
    }
  }
  return out;
}

describe.skipIf(!hasBuiltIn)('the embedding of a crop', () => {
  it('that is larger than the network’s input is that of the crop made smaller, with no pixel skipped', async () => {
    const models = await readModels(builtInDir, 'nowhere');
    const { card, dir } = findModel(models, 'embedding', 'faceplugin-512');
    const embedder = await openEmbedder(card, dir, { threads: 1 });
    try {
      const crop = testPicture(1, embedder.cropSize, embedder.cropSize);
      const [wanted] = await embedder.embed([crop]);
      for (const times of [2, 4]) {
        const [vector] = await embedder.embed([enlarge(crop, times)]);
        const worst = Math.max(...(vector ?? []).map((value, i) => Math.abs(value - (wanted?.[i] ?? 9))));
        expect(worst, `${times} times`).toBeLessThan(1e-6);
      }
    } finally {
      await embedder.close();
    }
  });
});
