import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { compileInference } from '../../../src/core/compile/inference.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { planOf } from '../../../src/core/recipe/plan.ts';
import type { RecipeInput } from '../../../src/core/recipe/recipe.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import type { TrainSetup } from '../../../src/main/jobs/train-protocol.ts';
import { readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import type { CropTable } from '../../../src/main/training/crops.ts';
import { openRunTeacher } from '../../../src/main/training/teacher.ts';
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

// A narrower student with pictures of another size, two batches a step, frozen first layers and an average.
const student = (more: Partial<RecipeInput> = {}) =>
  smallRecipe({
    ...{ epochs: 4 / 3, accumulation: 2, average: { decay: 0.9 } },
    network: { backbone: 'mobilefacenet', size: 48, embedding: 8 },
    fineTune: { freeze: ['stem.*'] },
    distillation: {
      teacher: { from: 'run', run: 'Teacher', checkpoint: 2, embedding: 16 },
      ...{ softTargets: {}, features: {}, distances: {}, angles: {}, neighbours: {}, similarities: {} },
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
      ...['angles', 'distances', 'features', 'neighbours', 'similarities', 'softTargets'],
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
