import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { compileInference } from '../../../src/core/compile/inference.ts';
import { embeddingCard } from '../../../src/core/contract/model-card.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { planOf } from '../../../src/core/recipe/plan.ts';
import type { RecipeInput } from '../../../src/core/recipe/recipe.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import type { TrainSetup } from '../../../src/main/jobs/train-protocol.ts';
import { sha256Of } from '../../../src/main/models/files.ts';
import { keepBackbone } from '../../../src/main/models/kept-backbone.ts';
import { readModelMaps } from '../../../src/main/models/model-maps.ts';
import { readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { openModelTeacher } from '../../../src/main/training/model-teacher.ts';
import { openRunTeacher } from '../../../src/main/training/teacher.ts';
import { mapsOfNetwork } from '../../../src/main/training/teacher-maps.ts';
import { writeCrops } from '../../support/crop-packs.ts';
import {
  digests,
  exactRows,
  fileOf,
  nothingTold,
  setupOf,
  smallRecipe,
  train,
} from '../../support/training-run.ts';

let root: string;
let crops: CropTable;
let teacherFile: string;
const teacherRecipe = smallRecipe({ epochs: 2 / 7 });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-distillation-'));
  crops = await writeCrops(join(root, 'packs'), { identities: 5, perIdentity: 6, side: 40 });
  const setup = await setupOf(root, 'teacher', teacherRecipe, crops);
  const { result } = await train(setup);
  expect(result).toMatchObject({ step: 2 });
  teacherFile = fileOf(setup, 2);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const maps = [
  { name: 'stem', channels: 64, side: 16 },
  { name: 'stage2', channels: 128, side: 4 },
];

// A narrower student with pictures of another size, two batches a step, frozen first layers and an average.
const student = (more: Partial<RecipeInput> = {}) =>
  smallRecipe({
    ...{ epochs: 4 / 3, accumulation: 2, average: { decay: 0.9 } },
    network: { backbone: 'mobilefacenet', size: 48, embedding: 8 },
    fineTune: { freeze: ['stem.*'] },
    distillation: {
      teacher: { from: 'run', run: 'Teacher', checkpoint: 2, embedding: 16, maps },
      ...{ softTargets: {}, features: {}, distances: {}, angles: {}, neighbours: {}, similarities: {} },
      flow: { teacher: ['stem', 'stage2'] },
      factors: { teacher: 'stage2', after: 1 },
    },
    ...more,
  });
const setupFor = (name: string, recipe = student()): Promise<TrainSetup> =>
  setupOf(root, name, recipe, crops, {
    teacher: { from: 'run', checkpoint: teacherFile, name: 'Teacher' },
  });

describe('a run with a teacher', () => {
  it('learns from all of its parts, tells them, and continues with the same bits', async () => {
    const whole = await setupFor('whole');
    const { told, result } = await train(whole);
    expect(result).toMatchObject({ step: 4 });
    expect(told.figures.toSorted()).toEqual([
      ...['angles', 'distances', 'factors', 'features', 'flow'],
      ...['neighbours', 'paraphraser', 'similarities', 'softTargets'],
    ]);
    expect([...told.rows.values()].every((row) => row.every(Number.isFinite))).toBe(true);
    const paused = await setupFor('paused');
    const half = nothingTold();
    const stopped = await train(paused, half, (what, abort) => {
      if (what === 'steps') abort();
    });
    expect(stopped.result).toBeInstanceOf(Cancelled);
    const step = half.saved.at(-1)?.step ?? 0;
    expect([1, 2, 3]).toContain(step);
    await train({ ...paused, resume: fileOf(paused, step) }, half);
    expect(exactRows(half)).toEqual(exactRows(told));
    const [a, b] = await Promise.all([whole, paused].map((one) => readCheckpoint(fileOf(one, 4))));
    expect(a && digests(a.state)).toEqual(b && digests(b.state));
    expect(a?.state.tensors.get('adapter.weight')).toHaveLength(16 * 8);
  }, 120_000);

  it('is refused shares of classes that are other people', async () => {
    const { result } = await train(await setupFor('other-seed', student({ seed: 99 })));
    expect(result).toMatchObject({ code: 'training/teacher-classes', values: { name: 'Teacher' } });
  }, 120_000);

  it('is refused where the teacher’s embedding is not what was written down', async () => {
    const teacher = { from: 'run', run: 'Teacher', embedding: 12 } as const;
    const recipe = student({ distillation: { teacher, distances: {} } });
    const { result } = await train(await setupFor('other-length', recipe));
    expect(result).toMatchObject({ code: 'training/other-teacher', values: { got: 16, wanted: 12 } });
  }, 120_000);
});

describe('a teacher’s maps', () => {
  it('are the same of its run, and of its export by the names of its values', async () => {
    const stored = await readCheckpoint(teacherFile);
    const plan = planOf(teacherRecipe, 5);
    const recipe = student({
      distillation: {
        teacher: { from: 'run', run: 'Teacher', embedding: 16, maps },
        flow: { teacher: ['stem', 'stage2'] },
      },
    });
    const { distillation } = planOf(recipe, 5);
    if (!distillation) throw new Error('no distillation');
    const options = { threads: 1 };
    const dir = join(root, 'backbones');
    const path = join(root, 'teacher.onnx');
    const trained = new Map(stored.state.tensors);
    await writeFile(path, writeOnnx(compileExport(plan, trained, { recipe: null, version: null })));
    const input = {
      ...{ width: 32, height: 32, colour: 'rgb', mean: [127.5], std: [127.5] },
    };
    const sha256 = await sha256Of(path);
    const card = embeddingCard.parse({
      ...{ id: 'taught', name: 'Taught', sha256, task: 'embedding', input, size: 16, threshold: 0.3 },
    });
    const seen = await readModelMaps(card, path, options);
    const parts = ['stem', 'stem-depthwise', 'stage1', 'stage2', 'stage3'];
    expect(seen.usual.map(({ name }) => name)).toEqual(parts);
    expect(seen.usual).toEqual(mapsOfNetwork(plan));
    expect(seen.all.length).toBeGreaterThan(20);
    await mkdir(dir);
    await keepBackbone(dir, card, path);
    const name = `onnx:${card.id}@${card.sha256.slice(0, 12)}`;
    const teachers = [
      await openRunTeacher(plan, stored, { distillation, size: 32, batch: 5 }, options),
      await openModelTeacher(dir, name, { distillation, size: 32 }, options),
    ];
    const images = Uint8Array.from({ length: 10 * 32 * 32 * 3 }, (_, i) => (i * i * 7 + i) % 251);
    const [run, model] = await Promise.all(teachers.map((one) => one.tell(images, new Int32Array(10))));
    await Promise.all(teachers.map((one) => one.close()));
    for (const [part, length] of [
      ['teacher-map:stem', 10 * 64 * 16 * 16],
      ['teacher-map:stage2', 10 * 128 * 4 * 4],
    ] as const) {
      const [a, b] = [run?.get(part), model?.get(part)];
      expect(a).toHaveLength(length);
      expect(b).toHaveLength(length);
      const largest = (numbers: Float32Array): number =>
        numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const apart = a?.map((value, i) => value - (b?.[i] ?? Number.NaN)) ?? new Float32Array();
      expect(largest(apart) / largest(a ?? apart)).toBeLessThan(1e-4);
    }
    // of another size than written down, and one that is not there
    const changed = { ...distillation, maps: maps.map((map) => ({ ...map, channels: 7 })) };
    const wrong = { distillation: changed, size: 32 };
    await expect(openModelTeacher(dir, name, wrong, options)).rejects.toMatchObject({
      code: 'training/teacher-maps',
    });
    await expect(openRunTeacher(plan, stored, { ...wrong, batch: 5 }, options)).rejects.toMatchObject({
      code: 'training/teacher-maps',
    });
  }, 60_000);
});

describe('a teacher', () => {
  it('tells what its network computes, and cosines to its classes with its scale', async () => {
    const stored = await readCheckpoint(teacherFile);
    const plan = planOf(teacherRecipe, 5);
    const { distillation } = planOf(student(), 5);
    if (!distillation) throw new Error('no distillation');
    const options = { threads: 1 };
    const teacher = await openRunTeacher(plan, stored, { distillation, size: 32, batch: 3 }, options);
    const images = Uint8Array.from({ length: 6 * 32 * 32 * 3 }, (_, i) => (i * i * 7 + i) % 251);
    const labels = Int32Array.of(0, 1, 2, 3, 4, 0);
    const told = await teacher.tell(images, labels);
    await teacher.close();
    const bytes = writeOnnx(compileInference(plan, stored.state.tensors));
    const session = await openSession({ name: 'network', bytes }, options);
    const { embedding } = await session.run({ images: { shape: [6, 32, 32, 3], data: images } });
    await session.close();
    const [x, logits] = [told.get('teacher'), told.get('teacher-logits')];
    if (!x || !logits) throw new Error('it told nothing');
    const off = x.map((value, i) => Math.abs(value - Number(embedding?.data[i])));
    expect(Math.max(...off)).toBeLessThan(1e-4);
    const w = stored.state.tensors.get('classes.weight') ?? new Float32Array();
    const row = (of: Float32Array, i: number) => [...of.subarray(i * 16, (i + 1) * 16)];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    for (let i = 0; i < 6; i++)
      for (let c = 0; c < 5; c++) {
        const [a, b] = [row(x, i), row(w, c)];
        const angle = Math.acos(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)));
        // the student's own logits have the margin, too
        const wanted = 16 * Math.cos(angle + (labels[i] === c ? 0.2 : 0));
        expect(logits[i * 5 + c]).toBeCloseTo(wanted, 3);
      }
  }, 60_000);
});
