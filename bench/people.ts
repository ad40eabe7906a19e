/**
 * Generated people: how fast they are made, and how real they are to networks that learnt from photographs.
 *   node bench/people.ts [--speed] [--real] [--files FOLDER] [--calm] [--people 40] [--shots 5] [--models resources/models] [--only MODEL]
 * Prints JSON lines. `--real` needs the built-in models. `--files` writes `--people` × `--shots` crops for training into a
 * folder that is empty or not there, in two worker processes, and says how long that took.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RgbImage } from '../src/core/base/image.ts';
import { seededRandom } from '../src/core/base/random.ts';
import type { DetectorCard, EmbeddingCard, LandmarkCard } from '../src/core/contract/model-card.ts';
import { iou } from '../src/core/faces/boxes.ts';
import type { Points5 } from '../src/core/faces/types.ts';
import { arena } from '../src/core/people/arena.ts';
import { sculpt } from '../src/core/people/figure.ts';
import { person } from '../src/core/people/person.ts';
import { type FaceTruth, photograph, renderCrop } from '../src/core/people/portrait.ts';
import { type ShotLimits, shot, usualLimits } from '../src/core/people/shot.ts';
import { planSample } from '../src/core/sample/plan.ts';
import { peopleHost } from '../src/main/jobs/people.ts';
import { finishSample } from '../src/main/jobs/people-files.ts';
import { openDetector } from '../src/main/models/detector.ts';
import { openEmbedder } from '../src/main/models/embedder.ts';
import { openLandmarks } from '../src/main/models/landmarks.ts';
import { runJob } from '../src/main/workers/run.ts';

const { values } = parseArgs({
  options: {
    speed: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    files: { type: 'string' },
    processes: { type: 'string', default: '2' },
    people: { type: 'string', default: '40' },
    shots: { type: 'string', default: '5' },
    photographs: { type: 'string', default: '100' },
    models: { type: 'string', default: 'resources/models' },
    calm: { type: 'boolean', default: false },
    detector: { type: 'string', default: 'mtcnn' },
    landmarks: { type: 'string', default: 'facemesh-468' },
    embedding: { type: 'string', default: 'faceplugin-512' },
  },
});
const people = Number(values.people);
const shots = Number(values.shots);

function report(what: string, figures: Readonly<Record<string, number | string>>): void {
  const rounded = Object.entries(figures).map(([k, v]) => [
    k,
    typeof v === 'number' ? Number(v.toFixed(4)) : v,
  ]);
  console.log(JSON.stringify({ what, ...Object.fromEntries(rounded) }));
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Processor time of this process in milliseconds: on a busy machine it says more than the clock. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function speed(): void {
  const memory = arena();
  sculpt(person(0), 'small'); // warm up
  let sculpting = 0;
  let drawing = 0;
  for (let p = 0; p < people; p++) {
    const start = now();
    const figure = sculpt(person(p), 'small');
    sculpting += now() - start;
    const middle = now();
    for (let s = 0; s < shots; s++) renderCrop(figure, shot(p * 1000 + s), 112, memory);
    drawing += now() - middle;
  }
  const crops = people * shots;
  report('crops of 112 px on one core', {
    people,
    shots,
    sculptMs: sculpting / people,
    cropMs: drawing / crops,
    cropsPerSecond: (1000 * crops) / (sculpting + drawing),
    cropsPerSecondOf20: 20_000 / (sculpting / people + (20 * drawing) / crops),
  });
  const big: number[] = [];
  for (let p = 0; p < Math.min(8, people); p++) {
    const start = now();
    photograph(sculpt(person(p), 'large'), shot(p), 512, 512);
    big.push(now() - start);
  }
  report('portrait of 512 px', { medianMs: median(big) });
}

function card(id: string): unknown {
  return JSON.parse(readFileSync(join(values.models, `${id}.json`), 'utf8'));
}

/** Errors of five points against the truth, as shares of the eyes' distance in a frontal face of that size. */
interface PointErrors {
  readonly means: number[];
  /** Signed, along the face's own axes: x and y of each point. */
  readonly bias: readonly number[][];
}

function pointErrors(): PointErrors {
  return { means: [], bias: Array.from({ length: 10 }, () => []) };
}

function compare(errors: PointErrors, found: Points5, truth: FaceTruth): void {
  const t = truth.points;
  const ex = (t[2] ?? 0) - (t[0] ?? 0);
  const ey = (t[3] ?? 0) - (t[1] ?? 0);
  // turned faces must not count more than others
  const scale = Math.hypot(ex, ey) / Math.max(0.5, Math.cos((truth.pose.yaw * Math.PI) / 180));
  const roll = Math.atan2(ey, ex);
  let sum = 0;
  for (let k = 0; k < 5; k++) {
    const dx = ((found[2 * k] ?? 0) - (t[2 * k] ?? 0)) / scale;
    const dy = ((found[2 * k + 1] ?? 0) - (t[2 * k + 1] ?? 0)) / scale;
    sum += Math.hypot(dx, dy) / 5;
    errors.bias[2 * k]?.push(dx * Math.cos(roll) + dy * Math.sin(roll));
    errors.bias[2 * k + 1]?.push(dy * Math.cos(roll) - dx * Math.sin(roll));
  }
  errors.means.push(sum);
}

function reportPoints(by: string, errors: PointErrors): void {
  report('five points', {
    by,
    faces: errors.means.length,
    median: median(errors.means),
    bias: errors.bias.map((list) => median(list).toFixed(3)).join(' '),
    spread: errors.bias
      .map((list) => median(list.map((value) => Math.abs(value - median(list)))).toFixed(3))
      .join(' '),
  });
}

const calm: ShotLimits = { ...usualLimits, yaw: 20, pitch: 12, roll: 12, difficulty: 0.3, occlusion: 0 };

async function detection(): Promise<void> {
  const detector = await openDetector(card(values.detector) as DetectorCard, values.models, {});
  const landmarks = await openLandmarks(card(values.landmarks) as LandmarkCard, values.models, {});
  const count = Number(values.photographs);
  const byDetector = pointErrors();
  const byLandmarks = pointErrors();
  const missed: number[] = [];
  let extra = 0;
  for (let i = 0; i < count; i++) {
    const limits = values.calm ? calm : usualLimits;
    const { image, truth } = photograph(sculpt(person(i), 'medium'), shot(5000 + i, limits), 400, 400);
    const faces = await detector.detect(image);
    const best = faces.find((face) => iou(face.box, truth.box) >= 0.4);
    extra += faces.length - (best ? 1 : 0);
    if (!best) missed.push(i);
    if (best?.points) compare(byDetector, best.points, truth);
    const five = await landmarks.five(image, truth.box);
    if (five) compare(byLandmarks, five, truth);
  }
  await detector.close();
  await landmarks.close();
  report('detection', {
    detector: values.detector,
    count,
    found: 1 - missed.length / count,
    extra,
    missed: missed.join(' '),
  });
  reportPoints(values.detector, byDetector);
  reportPoints(values.landmarks, byLandmarks);
}

async function verification(): Promise<void> {
  const embedder = await openEmbedder(card(values.embedding) as EmbeddingCard, values.models, {});
  const vectors: Float32Array[][] = [];
  for (let p = 0; p < people; p++) {
    const figure = sculpt(person(p), 'small');
    const crops: RgbImage[] = Array.from(
      { length: shots },
      (_, s) => renderCrop(figure, shot(p * 1000 + s)).image,
    );
    vectors.push(await embedder.embed(crops));
  }
  await embedder.close();
  const similarity = (a?: Float32Array, b?: Float32Array): number =>
    a && b ? a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0) : 0;
  const pairs: { same: boolean; score: number }[] = [];
  const random = seededRandom(1);
  for (let p = 0; p < people; p++)
    for (let a = 0; a < shots; a++)
      for (let b = a + 1; b < shots; b++) {
        pairs.push({ same: true, score: similarity(vectors[p]?.[a], vectors[p]?.[b]) });
        const other = (p + 1 + random.int(people - 1)) % people;
        pairs.push({ same: false, score: similarity(vectors[p]?.[a], vectors[other]?.[random.int(shots)]) });
      }
  const accuracyAt = (list: typeof pairs, threshold: number): number =>
    list.filter((pair) => pair.score >= threshold === pair.same).length / list.length;
  // the threshold comes from the even pairs, the accuracy from the odd ones, and the other way round
  const halves = [0, 1].map((part) => pairs.filter((_, i) => (i >> 1) % 2 === part));
  const grid = Array.from({ length: 200 }, (_, i) => i / 200);
  const accuracies = [0, 1].map((part) => {
    const learn = halves[part] ?? [];
    const best = grid.reduce((a, b) => (accuracyAt(learn, b) > accuracyAt(learn, a) ? b : a));
    return accuracyAt(halves[1 - part] ?? [], best);
  });
  const mean = (same: boolean): number => {
    const scores = pairs.filter((pair) => pair.same === same).map((pair) => pair.score);
    return scores.reduce((a, b) => a + b, 0) / scores.length;
  };
  report('verification', {
    embedding: values.embedding,
    people,
    shots,
    accuracy: ((accuracies[0] ?? 0) + (accuracies[1] ?? 0)) / 2,
    sameMean: mean(true),
    otherMean: mean(false),
  });
}

async function files(folder: string): Promise<void> {
  const none = { wrongLabels: 0, twins: 0, duplicates: 0, broken: 0, masks: 0 };
  const training = { identities: people, exam: 0, cropsEach: shots };
  const settings = { seed: 1, identities: 0, picturesEach: 0, groups: 0, defects: none, training };
  const plan = planSample(settings);
  const start = performance.now();
  const host = peopleHost(plan, () => {});
  const processes = Number(values.processes);
  await Promise.all(
    Array.from({ length: processes }, () =>
      runJob({
        entry: new URL('../src/main/workers/entry.ts', import.meta.url),
        kind: 'people',
        setup: { folder, settings },
        host: { ...host },
        signal: new AbortController().signal,
        onProgress: () => {},
        onLog: (lines) => console.error(lines.join('\n')),
      }),
    ),
  );
  await finishSample(folder, plan);
  const seconds = (performance.now() - start) / 1000;
  report('files of crops of 112 px', {
    ...{ people, shots, processes, seconds, perSecond: (people * shots) / seconds },
  });
}

if (values.files) await files(values.files);
else if (values.speed || !values.real) speed();
if (values.real) {
  await detection();
  await verification();
}
