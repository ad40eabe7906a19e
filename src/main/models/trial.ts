import { error } from '../../core/base/errors.ts';
import { type RgbImage, rgbImage } from '../../core/base/image.ts';
import { seededRandom } from '../../core/base/random.ts';
import type { DetectorCard, EmbeddingCard, LandmarkCard, ModelCard } from '../../core/contract/model-card.ts';
import { openDetector } from './detector.ts';
import { mirror, openEmbedder } from './embedder.ts';
import { openLandmarks } from './landmarks.ts';

/** A picture of no one: smooth light and dark patches. The same for the same size. */
export function patchesPicture(width: number, height: number, seed = 1): RgbImage {
  const random = seededRandom(seed);
  const image = rgbImage(width, height);
  const patches = Array.from({ length: 24 }, () => ({
    x: random.next() * width,
    y: random.next() * height,
    radius: (0.05 + 0.2 * random.next()) * Math.max(width, height),
    colour: [random.next() - 0.5, random.next() - 0.5, random.next() - 0.5],
  }));
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        let value = 128;
        for (const patch of patches) {
          const near = ((x - patch.x) ** 2 + (y - patch.y) ** 2) / patch.radius ** 2;
          if (near < 1) value += 240 * (1 - near) * (patch.colour[c] ?? 0);
        }
        image.data[o++] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return image;
}

/** On a picture without faces a working detector finds next to none. */
const mostFalseFaces = 30;
/** Two unlike crops must not have the same embedding. */
const mostAlike = 0.9999;

/**
 * Runs a model once on its card's terms, on `photograph` if there is one, and looks whether what it gives can be true.
 * `sure`: the card is no guess, so that an embedding that tells crops apart badly is the network's own: it was trained
 * too shortly, say. Throws `model/trial-failed`, or what the engine throws.
 */
export async function tryModel(
  card: ModelCard,
  dir: string,
  photograph: RgbImage | null,
  sure = false,
): Promise<void> {
  switch (card.task) {
    case 'detector':
      return tryDetector(card, dir, photograph);
    case 'embedding':
      return tryEmbedding(card, dir, photograph, sure);
    case 'landmarks':
      return tryLandmarks(card, dir, photograph);
  }
}

function failed(card: ModelCard, detail: string): Error {
  return error('model/trial-failed', { path: card.id, task: card.task, detail });
}

async function tryDetector(card: DetectorCard, dir: string, photograph: RgbImage | null): Promise<void> {
  const detector = await openDetector(card, dir, { threads: 1 });
  try {
    const nobody = await detector.detect(patchesPicture(320, 240));
    if (nobody.length > mostFalseFaces)
      throw failed(
        card,
        `it finds ${nobody.length} faces in a picture of nobody; mean, std or threshold are wrong`,
      );
    if (!photograph) return;
    const found = await detector.detect(photograph);
    if (found.length === 0) throw failed(card, 'it finds no face in the photograph given for the trial');
    for (const { box, points, score } of found) {
      const numbers = [box.x, box.y, box.width, box.height, score, ...(points ?? [])];
      if (!numbers.every(Number.isFinite)) throw failed(card, 'it gives boxes that are not numbers');
    }
  } finally {
    await detector.close();
  }
}

async function tryEmbedding(
  card: EmbeddingCard,
  dir: string,
  photograph: RgbImage | null,
  sure: boolean,
): Promise<void> {
  const embedder = await openEmbedder(card, dir, { threads: 1 });
  try {
    const side = embedder.cropSize;
    const crop = photograph ?? patchesPicture(side, side, 1);
    const other = photograph ? mirror(photograph) : patchesPicture(side, side, 2);
    const [a, b] = await embedder.embed([crop, other]);
    const [again] = await embedder.embed([crop]);
    if (!a || !b || !again) throw failed(card, 'it gives no embedding');
    if (dot(a, again) < mostAlike) throw failed(card, 'it gives another embedding for the same crop');
    if (!sure && !photograph && dot(a, b) > mostAlike)
      throw failed(card, 'it gives the same embedding for unlike crops; mean or std are wrong');
  } finally {
    await embedder.close();
  }
}

async function tryLandmarks(card: LandmarkCard, dir: string, photograph: RgbImage | null): Promise<void> {
  const model = await openLandmarks(card, dir, { threads: 1 });
  try {
    const image = photograph ?? patchesPicture(200, 200);
    const box = {
      x: image.width * 0.25,
      y: image.height * 0.25,
      width: image.width / 2,
      height: image.height / 2,
    };
    const points = await model.points(image, box);
    for (const [i, value] of points.entries()) {
      if (!Number.isFinite(value)) throw failed(card, 'it gives points that are not numbers');
      const side = card.cropScale * Math.max(box.width, box.height);
      const middle = i % card.dimensions === 0 ? image.width / 2 : image.height / 2;
      if (i % card.dimensions < 2 && Math.abs(value - middle) > 2 * side)
        throw failed(card, 'it gives points far outside of the crop');
    }
  } finally {
    await model.close();
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
