import { join } from 'node:path';
import { assert, defined } from '../../core/base/assert.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import { teacherEmbedding, teacherMap } from '../../core/heads/distillation.ts';
import { type TeacherMap, toldMaps } from '../../core/heads/distillation-maps.ts';
import { type EngineOptions, openSession } from '../engine/session.ts';
import { cropsTensor, openEmbedder } from '../models/embedder.ts';
import { keptModel } from '../models/kept-backbone.ts';
import { bytesWithOutputs, readModelMaps } from '../models/model-maps.ts';
import { checkLength, joined, type Student, type Teacher } from './teacher.ts';
import { checkMaps } from './teacher-maps.ts';

/**
 * An embedding model as a teacher, by its name in recipes: its card tells the size of its pictures, the order of their
 * colours and what is done to pixels. It has no classes. Errors: `model/not-found`, `training/other-teacher`,
 * `training/teacher-maps`, and what opening a session throws.
 */
export async function openModelTeacher(
  dir: string,
  name: string,
  { distillation, size }: Pick<Student, 'distillation' | 'size'>,
  options: EngineOptions,
): Promise<Teacher> {
  const card = await keptModel(dir, name);
  checkLength(card.size, distillation);
  const maps = toldMaps(distillation);
  const { ask, close } =
    maps.length === 0 ? await askEmbedder(card, dir, options) : await askMaps(card, dir, maps, options);
  const pixels = size * size * 3;
  return {
    tell: (images, labels) =>
      ask(
        Array.from(labels, (_, i) => ({
          ...{ width: size, height: size },
          data: images.subarray(i * pixels, (i + 1) * pixels),
        })),
      ),
    close,
  };
}

interface Asked {
  ask(crops: readonly RgbImage[]): Promise<ReadonlyMap<string, Float32Array>>;
  close(): Promise<void>;
}

async function askEmbedder(card: EmbeddingCard, dir: string, options: EngineOptions): Promise<Asked> {
  const embedder = await openEmbedder(card, dir, options);
  return {
    ask: async (crops) => new Map([[teacherEmbedding, joined(await embedder.embed(crops, { raw: true }))]]),
    close: () => embedder.close(),
  };
}

/** Pictures in one run where the network takes any number. */
const batch = 8;

/** Embeddings and maps at once, of the network with the maps among its results. */
async function askMaps(
  card: EmbeddingCard,
  dir: string,
  maps: readonly TeacherMap[],
  options: EngineOptions,
): Promise<Asked> {
  const path = join(dir, `${card.id}.onnx`);
  checkMaps(maps, (await readModelMaps(card, path, options)).all, card.name);
  const names = maps.map(({ name }) => name);
  const network = { name: card.id, bytes: await bytesWithOutputs(path, names) };
  const session = await openSession(network, options);
  const input = defined(session.inputs[0], 'an input');
  const fixed = input.shape[0] ?? null;
  const outputs = session.outputs.map(({ name }) => name).filter((name) => !names.includes(name));
  const ask: Asked['ask'] = async (crops) => {
    const parts = new Map<string, Float32Array[]>();
    for (let from = 0; from < crops.length; from += fixed ?? batch) {
      const some = crops.slice(from, from + (fixed ?? batch));
      const count = fixed ?? some.length;
      const results = await session.run({ [input.name]: cropsTensor(card, some, count) });
      const embedding = outputs.find((name) => results[name]?.data.length === count * card.size);
      const told = [
        [teacherEmbedding, defined(embedding, 'the embedding')],
        ...names.map((name) => [teacherMap(name), name] as const),
      ] as const;
      for (const [as, name] of told) {
        const data = results[name]?.data;
        assert(data instanceof Float32Array, `${name} is float32`);
        const own = data.subarray(0, (data.length / count) * some.length); // without the places filled up
        parts.set(as, [...(parts.get(as) ?? []), own]);
      }
    }
    return new Map([...parts].map(([as, all]) => [as, joined(all)]));
  };
  return { ask, close: () => session.close() };
}
