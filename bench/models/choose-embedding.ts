import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defined } from '../../src/core/base/assert.ts';
import type { RgbImage } from '../../src/core/base/image.ts';
import { type Random, seededRandom } from '../../src/core/base/random.ts';
import { type EmbeddingCard, modelCard } from '../../src/core/contract/model-card.ts';
import { decodeImage } from '../../src/main/images/decode.ts';
import { openDetector } from '../../src/main/models/detector.ts';
import { openEmbedder } from '../../src/main/models/embedder.ts';
import { type FaceFound, findFaces } from '../../src/main/models/pipeline.ts';
import { type Pair, verify } from './verification.ts';

/**
 * Which built-in embedding should be the default? On photographs in a folder per person:
 *   node bench/models/choose-embedding.ts DATA [--pairs 3000] [--seed 1] [--orders]
 * draws as many pairs of one person and of two, aligns with MTCNN, and prints for every embedding the verification
 * accuracy over 10 folds and the speed on one thread. --orders also tries the other colour order.
 */
const folds = 10;
const models = fileURLToPath(new URL('../../resources/models', import.meta.url));

async function readCard(id: string) {
  return modelCard.parse(JSON.parse(await readFile(path.join(models, `${id}.json`), 'utf8')));
}

/** Photographs, each with its person's number. */
async function photographs(data: string): Promise<{ file: string; person: number }[]> {
  const people = (await readdir(data)).sort();
  const lists = people.map(async (name, person) => {
    const files = (await readdir(path.join(data, name))).filter((file) => /\.jpe?g$/i.test(file)).sort();
    return files.map((file) => ({ file: path.join(data, name, file), person }));
  });
  return (await Promise.all(lists)).flat();
}

/** `count` distinct pairs of one person and as many of two, in turn. */
function drawPairs(people: readonly number[], count: number, random: Random): Pair[] {
  const seen = new Set<string>();
  const draw = (same: boolean): Pair => {
    for (let attempt = 0; attempt < 1e6; attempt++) {
      const [a, b] = [random.int(people.length), random.int(people.length)];
      const key = `${a} ${b}`;
      if (a >= b || seen.has(key) || (people[a] === people[b]) !== same) continue;
      seen.add(key);
      return { a, b, same };
    }
    throw new Error('There are too few photographs for so many pairs.');
  };
  return Array.from({ length: 2 * count }, (_, i) => draw(i % 2 === 0));
}

/** The face nearest to the picture's middle, where such collections have the person. */
function middlemost(faces: readonly FaceFound[], image: RgbImage): FaceFound | null {
  const distance = ({ box }: FaceFound): number =>
    Math.hypot(box.x + (box.width - image.width) / 2, box.y + (box.height - image.height) / 2);
  return faces.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** Faces a second on one thread: the best of many short goes, so that other work on the machine counts little. */
async function measureSpeed(card: EmbeddingCard, crops: readonly RgbImage[]): Promise<number> {
  const embedder = await openEmbedder(card, models, { threads: 1 });
  const some = crops.slice(0, 16);
  let best = Number.POSITIVE_INFINITY;
  for (let go = 0; go < 15; go++) {
    const start = performance.now();
    await embedder.embed(some);
    best = Math.min(best, performance.now() - start);
  }
  await embedder.close();
  return (1000 * some.length) / best;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '3000' },
      seed: { type: 'string', default: '1' },
      orders: { type: 'boolean', default: false },
    },
  });
  const data = defined(positionals[0], 'the folder with a folder per person');
  const found = await photographs(data);
  const crops: RgbImage[] = [];
  const people: number[] = [];
  const mtcnn = await readCard('mtcnn');
  if (mtcnn.task !== 'detector') throw new Error('mtcnn is no detector');
  const detector = await openDetector(mtcnn, models, { threads: 1 });
  for (const { file, person } of found) {
    const image = await decodeImage(file);
    const face = middlemost(await findFaces(image, detector, { minFace: 40 }), image);
    if (face === null) continue;
    crops.push(face.crop);
    people.push(person);
  }
  await detector.close();
  console.log(`${crops.length} faces in ${found.length} photographs`);

  const pairs = drawPairs(people, Number(values.pairs), seededRandom(Number(values.seed)));
  const index: { models: string[] } = JSON.parse(await readFile(path.join(models, 'index.json'), 'utf8'));
  for (const id of index.models) {
    const card = await readCard(id);
    if (card.task !== 'embedding') continue;
    const speed = await measureSpeed(card, crops);
    const orders = values.orders ? (['rgb', 'bgr'] as const) : [card.input.colour];
    for (const colour of orders) {
      const embedder = await openEmbedder({ ...card, input: { ...card.input, colour } }, models, {
        threads: 1,
      });
      const { accuracy, error, threshold } = verify(pairs, await embedder.embed(crops), folds);
      await embedder.close();
      console.log(
        `${id} ${colour}: ${accuracy.toFixed(2)} ± ${error.toFixed(2)} %, threshold ${threshold.toFixed(3)}, ` +
          `${speed.toFixed(0)} faces/s on one thread`,
      );
    }
  }
}

await main();
