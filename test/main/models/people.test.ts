import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DetectorCard, EmbeddingCard } from '../../../src/core/contract/model-card.ts';
import { iou } from '../../../src/core/faces/boxes.ts';
import { sculpt } from '../../../src/core/people/figure.ts';
import { person } from '../../../src/core/people/person.ts';
import { type Portrait, photograph, renderCrop } from '../../../src/core/people/portrait.ts';
import { shot, usualLimits } from '../../../src/core/people/shot.ts';
import { type Detector, openDetector } from '../../../src/main/models/detector.ts';
import { type Embedder, openEmbedder } from '../../../src/main/models/embedder.ts';

const models = fileURLToPath(new URL('../../../resources/models', import.meta.url));
const present = ['mtcnn', 'faceplugin-512'].every((id) => existsSync(`${models}/${id}.json`));
const engine = { threads: 1 };

function card(id: string): unknown {
  return JSON.parse(readFileSync(`${models}/${id}.json`, 'utf8'));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

// What the built-in networks, which learnt from photographs, make of generated people. Without built models: skipped.
describe.skipIf(!present)('generated people and the built-in networks', { timeout: 120_000 }, () => {
  let detector: Detector;
  let embedder: Embedder;
  beforeAll(async () => {
    detector = await openDetector(card('mtcnn') as DetectorCard, models, engine);
    embedder = await openEmbedder(card('faceplugin-512') as EmbeddingCard, models, engine);
  });
  afterAll(async () => {
    await detector?.close();
    await embedder?.close();
  });

  it('faces are found, and their five points are where the truth says', async () => {
    const calm = { ...usualLimits, yaw: 25, pitch: 12, difficulty: 0.3, occlusion: 0 };
    const portraits: Portrait[] = Array.from({ length: 20 }, (_, i) =>
      photograph(sculpt(person(100 + i), 'small'), shot(7000 + i, calm), 256, 256),
    );
    const errors: number[] = [];
    for (const { image, truth } of portraits) {
      const face = (await detector.detect(image, { minFace: 60 })).find(
        ({ box }) => iou(box, truth.box) > 0.4,
      );
      if (!face?.points) continue;
      const [ax = 0, ay = 0, bx = 0, by = 0] = truth.points;
      const eyes = Math.hypot(bx - ax, by - ay);
      const distances = [0, 2, 4, 6, 8].map((k) =>
        Math.hypot(
          (face.points?.[k] ?? 0) - (truth.points[k] ?? 0),
          (face.points?.[k + 1] ?? 0) - (truth.points[k + 1] ?? 0),
        ),
      );
      errors.push(distances.reduce((a, b) => a + b, 0) / 5 / eyes);
    }
    expect(errors.length).toBeGreaterThanOrEqual(19); // 95 %
    expect(median(errors)).toBeLessThan(0.06);
  });

  it('crops of one person are more alike than crops of two', async () => {
    const vectors: Float32Array[][] = [];
    for (let p = 0; p < 8; p++) {
      const figure = sculpt(person(200 + p), 'small');
      const crops = [0, 1, 2].map(
        (s) => renderCrop(figure, shot(p * 10 + s, { ...usualLimits, occlusion: 0 })).image,
      );
      vectors.push(await embedder.embed(crops));
    }
    const similarity = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
    // every crop's nearest neighbour among all the others
    const all = vectors.flatMap((list, p) => list.map((vector) => ({ vector, p })));
    const right = all.filter(({ vector, p }) => {
      const others = all.filter((other) => other.vector !== vector);
      const nearest = others.reduce((best, other) =>
        similarity(vector, other.vector) > similarity(vector, best.vector) ? other : best,
      );
      return nearest.p === p;
    });
    // by chance it would be 2 of 23
    expect(right.length / all.length).toBeGreaterThan(0.7);
  });
});
