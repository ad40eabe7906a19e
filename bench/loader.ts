/**
 * How fast crops become batches: images per second of the loader alone, and processor time an image.
 *   node bench/loader.ts [--workers 2] [--seconds 4] [--photos ../shared/data/lfw-158] [--size 112]
 * Prints JSON lines. Crops are cut from the middle of the photographs where they are there, and are patterns otherwise
 * (which decode faster).
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AugmentOptions, noAugmentation } from '../src/core/augment/options.ts';
import { resize } from '../src/core/augment/resize.ts';
import { type RgbImage, rgbImage } from '../src/core/base/image.ts';
import { decodeImage } from '../src/main/images/decode.ts';
import { openLoader } from '../src/main/training/loader.ts';
import { softCrop, writeCropImages } from '../test/support/crop-packs.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '4' },
    photos: { type: 'string', default: '../shared/data/lfw-158' },
    size: { type: 'string', default: '112' },
  },
});
const evolve = { ...noAugmentation, cropFrom: 128, flip: 0.5 };
const choices: Readonly<Record<string, AugmentOptions>> = {
  none: noAugmentation,
  'face.evoLVe': evolve,
  'face.evoLVe, paper': { ...evolve, brightness: 0.4, saturation: 0.4, hue: 0.4, pcaNoise: 0.1 },
  'RandAugment 6': { ...evolve, randAugment: { operations: 6, magnitude: 9 } },
  all: {
    ...{
      cropFrom: 128,
      flip: 0.5,
      rotation: 10,
      rotationChance: 1,
      brightness: 0.4,
      saturation: 0.4,
      hue: 0.4,
    },
    ...{ pcaNoise: 0.1, grey: 0.1, blur: 0.2, jpeg: 0.2, randAugment: { operations: 2, magnitude: 9 } },
  },
};

async function middles(folder: string, count: number): Promise<RgbImage[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jpg'))
    .slice(0, count);
  const out: RgbImage[] = [];
  for (const name of files) {
    const whole = await decodeImage(join(folder, name));
    const side = 160;
    const cut = rgbImage(side, side);
    for (let y = 0; y < side; y++) {
      const from = ((y + ((whole.height - side) >> 1)) * whole.width + ((whole.width - side) >> 1)) * 3;
      cut.data.set(whole.data.subarray(from, from + side * 3), y * side * 3);
    }
    out.push(resize(cut, { side: 112, left: 0, top: 0, size: 112 }));
  }
  return out;
}

function patterns(count: number): RgbImage[] {
  return Array.from({ length: count }, (_, i) => softCrop(i, i, 112));
}

const dir = await mkdtemp(join(tmpdir(), 'lineament-bench-'));
try {
  const images = existsSync(values.photos) ? await middles(values.photos, 512) : null;
  const crops = await writeCropImages(dir, images ?? patterns(512));
  const stepImages = 128;
  for (const [name, augmentation] of Object.entries(choices)) {
    const loader = await openLoader({
      ...{
        crops,
        packsDir: dir,
        size: Number(values.size),
        augmentation,
        sampler: { kind: 'shuffle' },
        seed: 1,
      },
      ...{ stepImages, firstStep: 0, steps: 1e6, workers: Number(values.workers), ahead: 3 },
    });
    for (let i = 0; i < 4; i++) await loader.next(); // warm up
    const start = performance.now();
    const used = process.cpuUsage();
    let count = 0;
    while (performance.now() - start < Number(values.seconds) * 1000) {
      await loader.next();
      count += stepImages;
    }
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    console.log(
      JSON.stringify({
        augmentation: name,
        photographs: images !== null,
        workers: Number(values.workers),
        imagesPerSecond: Math.round(count / seconds),
        processorMsPerImage: Number(((user + system) / 1000 / count).toFixed(3)),
      }),
    );
    await loader.close();
  }
} finally {
  await rm(dir, { recursive: true });
}
