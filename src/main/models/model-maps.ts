import { readFile } from 'node:fs/promises';
import { defined } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { TeacherMap } from '../../core/heads/distillation-maps.ts';
import { readOnnx } from '../../core/onnx/read.ts';
import type { OnnxModel } from '../../core/onnx/types.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { type EngineOptions, openSession } from '../engine/session.ts';
import { cropsTensor } from './embedder.ts';

/** Maps on the way through an embedding model's network, by the names of values in its file. */
export interface ModelMaps {
  /** All that there are, in the file's order. */
  readonly all: readonly TeacherMap[];
  /** Those worth choosing: the parts of a network of ours, else the last of each size. */
  readonly usual: readonly TeacherMap[];
}

/** Operators whose results may be maps. Others compute shapes, or sums for normalisation. */
const mapOps = new Set([
  ...['Conv', 'ConvTranspose', 'BatchNormalization', 'InstanceNormalization', 'Add', 'Sum', 'Mul', 'Concat'],
  ...['Relu', 'PRelu', 'LeakyRelu', 'Clip', 'Elu', 'HardSwish', 'MaxPool', 'AveragePool'],
]);

/**
 * The square maps of an embedding model's network, by computing one black picture. Errors: `engine/model-missing`, those of
 * `readOnnx` and of opening and running a session.
 */
export async function readModelMaps(
  card: EmbeddingCard,
  path: string,
  options: EngineOptions = {},
): Promise<ModelMaps> {
  const model = await readModel(path);
  const own = new Set(model.graph.outputs.map(({ name }) => name));
  const names = model.graph.nodes.flatMap(({ op, outputs: [name = ''] }) =>
    mapOps.has(op) && name !== '' && !own.has(name) ? [name] : [],
  );
  const session = await openSession({ name: card.id, bytes: writeOnnx(withOutputs(model, names)) }, options);
  try {
    const input = defined(session.inputs[0], 'an input');
    const black = { width: 1, height: 1, data: new Uint8Array(3) };
    const results = await session.run({ [input.name]: cropsTensor(card, [black], input.shape[0] ?? 1) });
    const all = names.flatMap((name): TeacherMap[] => {
      const { shape, data } = defined(results[name], name);
      const [, channels = 0, h = 0, w = 0] = shape;
      const isMap = data instanceof Float32Array && shape.length === 4 && h === w && h > 1;
      return isMap ? [{ name, channels, side: h }] : [];
    });
    return { all, usual: usualOf(all, model) };
  } finally {
    await session.close();
  }
}

/** In an export of ours: what says which values are maps of the network's parts. */
export const mapsKey = 'maps';

function usualOf(all: readonly TeacherMap[], { metadata }: OnnxModel): readonly TeacherMap[] {
  const named = (metadata.get(mapsKey) ?? '').split(',');
  const parts = all.filter(({ name }) => named.includes(name));
  if (parts.length > 0) return parts;
  return all.filter(({ side }, i) => !all.slice(i + 1).some((other) => other.side === side));
}

/** The bytes of a network that gives these values, too. Error: `engine/model-missing`. */
export async function bytesWithOutputs(path: string, names: readonly string[]): Promise<Uint8Array> {
  return writeOnnx(withOutputs(await readModel(path), names));
}

async function readModel(path: string): Promise<OnnxModel> {
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw error('engine/model-missing', { path }, thrown);
  });
  return readOnnx(bytes);
}

/** onnxruntime finds out the types and shapes itself. */
function withOutputs(model: OnnxModel, names: readonly string[]): OnnxModel {
  const more = names.map((name) => ({ name, type: null, shape: null }));
  return { ...model, graph: { ...model.graph, outputs: [...model.graph.outputs, ...more] } };
}
