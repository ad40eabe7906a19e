import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DetectorCard, EmbeddingCard, LandmarkCard } from '../../../src/core/contract/model-card.ts';
import { iou } from '../../../src/core/faces/boxes.ts';
import type { Points5 } from '../../../src/core/faces/types.ts';
import { sculpt } from '../../../src/core/people/figure.ts';
import { person } from '../../../src/core/people/person.ts';
import { type FaceTruth, type Portrait, photograph, renderCrop } from '../../../src/core/people/portrait.ts';
import { shot, usualLimits } from '../../../src/core/people/shot.ts';
import { type Detector, openDetector } from '../../../src/main/models/detector.ts';
import { type Embedder, openEmbedder } from '../../../src/main/models/embedder.ts';
import { type LandmarkModel, openLandmarks } from '../../../src/main/models/landmarks.ts';

const models = fileURLToPath(new URL('../../../resources/models', import.meta.url));
const present = ['mtcnn', 'faceplugin-512', 'facemesh-468'].every((id) => existsSync(`${models}/${id}.json`));
const engine = { threads: 1 };

function card(id: string): unknown {
  return JSON.parse(readFileSync(`${models}/${id}.json`, 'utf8'));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

// What the built-in networks, which learnt from photographs, make of generated people. Without built models: skipped.
describe.skipIf(!present)('generated people and the built-in networks', { timeout: 300_000 }, () => {
  let detector: Detector;
  let embedder: Embedder;
  let landmarks: LandmarkModel;
  beforeAll(async () => {
    detector = await openDetector(card('mtcnn') as DetectorCard, models, engine);
    landmarks = await openLandmarks(card('facemesh-468') as LandmarkCard, models, engine);
    embedder = await openEmbedder(card('faceplugin-512') as EmbeddingCard, models, engine);
  });
  afterAll(async () => {
    await detector?.close();
    await landmarks?.close();
    await embedder?.close();
  });

  it('faces are found, and their five points are where the truth says', async () => {
    const calm = { ...usualLimits, yaw: 20, pitch: 12, roll: 12, difficulty: 0.3, occlusion: 0 };
    // as many as in bench/people.ts, and the same people: medians over twenty vary between 3.4 and 4.6 %
    const portraits: Portrait[] = Array.from({ length: 60 }, (_, i) =>
      photograph(sculpt(person(i), 'medium'), shot(5000 + i, calm), 256, 256),
    );
    const error = (points: Points5, truth: FaceTruth): number => {
      const [ax = 0, ay = 0, bx = 0, by = 0] = truth.points;
      // as wide as the eyes would be apart if the face weren't turned
      const eyes = Math.hypot(bx - ax, by - ay) / Math.cos((truth.pose.yaw * Math.PI) / 180);
      const distances = [0, 2, 4, 6, 8].map((k) =>
        Math.hypot(
          (points[k] ?? 0) - (truth.points[k] ?? 0),
          (points[k + 1] ?? 0) - (truth.points[k + 1] ?? 0),
        ),
      );
      return distances.reduce((sum, distance) => sum + distance, 0) / 5 / eyes;
    };
    const detected: number[] = [];
    const fitted: number[] = [];
    for (const { image, truth } of portraits) {
      const faces = await detector.detect(image);
      const face = faces.find(({ box }) => iou(box, truth.box) > 0.4);
      if (face?.points) detected.push(error(face.points, truth));
      const five = await landmarks.five(image, truth.box);
      if (five) fitted.push(error(five, truth));
    }
    expect(detected.length).toBeGreaterThanOrEqual(57); // 95 %
    expect(median(fitted)).toBeLessThan(0.04);
    expect(median(detected)).toBeLessThan(0.04);
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
