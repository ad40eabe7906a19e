import { expect, it, vi } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { decodeImage } from '../../../src/main/images/decode.ts';
import { configureImages } from '../../../src/main/images/setup.ts';
import { damaged } from '../../support/damage.ts';
import { nastyImages } from '../../support/nasty-images.ts';

configureImages();
vi.setConfig({ testTimeout: 60_000 });
const limits = { streamedPixels: 4e6, heldPixels: 4e6, bytes: 1e7 };

it('any damage to any picture is an error of the catalogue with its name, or decodes', async () => {
  const random = seededRandom(5);
  const escaped: string[] = [];
  let refused = 0;
  for (const file of await nastyImages()) {
    // 20,000 pixels wide pictures would take most of the time.
    if (typeof file.expect === 'string' || file.expect.width > 1000) continue;
    for (let i = 0; i < 5; i++) {
      const outcome = await decodeImage(damaged(file.bytes, random), {
        name: file.name,
        limits,
        maxSide: 100,
      }).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (outcome === null) continue;
      refused++;
      const named = outcome instanceof LineamentError && outcome.values['path'] === file.name;
      if (!named || !outcome.code.startsWith('image/')) escaped.push(`${file.name} ${i}: ${outcome}`);
    }
  }
  expect(escaped).toEqual([]);
  expect(refused).toBeGreaterThan(30);
});
