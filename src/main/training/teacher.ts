import { resize } from '../../core/augment/resize.ts';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { inUse } from '../../core/compile/average.ts';
import { compileTeacher } from '../../core/compile/teacher.ts';
import type { TrainingPlan } from '../../core/compile/training.ts';
import type { Distillation } from '../../core/heads/distillation.ts';
import { toldMaps } from '../../core/heads/distillation-maps.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { type EngineOptions, openSession } from '../engine/session.ts';
import type { Tensor } from '../engine/tensor.ts';
import type { StoredRun } from './checkpoint.ts';
import { checkMaps, mapsOfNetwork } from './teacher-maps.ts';

/** A trained network that is asked about every batch. Close it. */
export interface Teacher {
  /**
   * What it tells of crops [n, size, size, 3] as the student is given them, n a multiple of its batch, and their labels [n]:
   * by the names that the step takes. Throws `engine/run-failed`.
   */
  tell(images: Uint8Array, labels: Int32Array): Promise<ReadonlyMap<string, Float32Array>>;
  close(): Promise<void>;
}

/** What a student is, as far as its teacher has to know. */
export interface Student {
  readonly distillation: Distillation;
  /** Sides of its pictures. */
  readonly size: number;
  readonly batch: number;
}

/**
 * A run as a teacher. `plan` is the teacher's own, for the student's classes. Pictures of another size are resampled for it.
 * Throws `training/other-teacher` where its embedding is of another length than was written down, `training/teacher-maps`
 * where it has not the maps that were.
 */
export async function openRunTeacher(
  plan: TrainingPlan,
  stored: StoredRun,
  { distillation, size, batch }: Student,
  options: EngineOptions,
): Promise<Teacher> {
  checkLength(plan.settings.embedding, distillation);
  const withHead = distillation.softTargets !== null;
  const trained = inUse(stored.state.tensors, stored.state.step);
  const told = toldMaps(distillation);
  if (told.length > 0) checkMaps(told, mapsOfNetwork(plan), plan.backbone.title);
  const names = told.map(({ name }) => name);
  const model = compileTeacher({ ...plan, batch, sampled: undefined }, trained, withHead, names);
  const session = await openSession({ name: model.graph.name, bytes: writeOnnx(model) }, options);
  return {
    tell: async (images, labels) => {
      const own = size === plan.size ? images : resized(images, size, plan.size);
      const pixels = plan.size * plan.size * 3;
      const found = new Map<string, Float32Array[]>();
      for (let from = 0; from < labels.length; from += batch) {
        const feeds: Record<string, Tensor> = {
          images: {
            shape: [batch, plan.size, plan.size, 3],
            data: own.subarray(from * pixels, (from + batch) * pixels),
          },
          ...(withHead && { labels: { shape: [batch], data: labels.subarray(from, from + batch) } }),
        };
        for (const [name, { data }] of Object.entries(await session.run(feeds))) {
          assert(data instanceof Float32Array, `${name} is float32`);
          found.set(name, [...(found.get(name) ?? []), data]);
        }
      }
      return new Map([...found].map(([name, parts]) => [name, joined(parts)]));
    },
    close: () => session.close(),
  };
}

export function checkLength(got: number, { embedding }: Distillation): void {
  if (got !== embedding) throw error('training/other-teacher', { got, wanted: embedding });
}

function resized(images: Uint8Array, from: number, to: number): Uint8Array {
  const [own, their] = [from * from * 3, to * to * 3];
  const count = images.length / own;
  const out = new Uint8Array(count * their);
  for (let i = 0; i < count; i++) {
    const image = { width: from, height: from, data: images.subarray(i * own, (i + 1) * own) };
    out.set(resize(image, { side: to, left: 0, top: 0, size: to }).data, i * their);
  }
  return out;
}

export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
