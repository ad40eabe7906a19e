import type { Backbone } from '../backbones/backbone.ts';
import { error } from '../base/errors.ts';
import { constant, input } from '../graph/builder.ts';
import { count } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Net, openNet } from '../layers/net.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { affine } from '../ops/affine.ts';
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import { buildGraph, type Source, sourceOf } from './build.ts';

/** What a file does not say of its network, or not surely. */
export interface ImportFacts {
  /** As recipes name it, see `importedName`. */
  readonly name: string;
  readonly title: string;
  /** (pixel·scale − mean)/std per channel, in this order of the colours: how the network wants its pictures. */
  readonly input: {
    readonly colour: 'rgb' | 'bgr';
    readonly layout: 'nchw' | 'nhwc';
    readonly scale: number;
    readonly mean: readonly number[];
    readonly std: readonly number[];
    /** Side of its pictures, where the file leaves that open. */
    readonly size: number | null;
  };
}

/** How recipes name imported networks: `onnx:ID@HASH`, with the first of the file's SHA-256; it may be left out. */
export const importedName = /^onnx:([a-z0-9][a-z0-9._-]*)(?:@([0-9a-f]{12}))?$/;

/** The whole name of a model with that id and SHA-256. */
export function importedNameOf(id: string, sha256: string): string {
  return `onnx:${id}@${sha256.slice(0, 12)}`;
}

/** What pictures are to be where a network's own way differs from channel to channel; the rest is done in the graph. */
const common = { mean: 127.5, deviation: 127.5 } as const;

/**
 * A network of an ONNX file as a backbone that goes on learning: weights of convolutions, products, slopes, normalisation,
 * and terms and factors a channel become parameters that start as they are. The size of its pictures, the length of its
 * embedding and how pixels become numbers are the file's. Throws `graph/inputs`, `graph/unknown-operators`,
 * `graph/refused-node`, `graph/no-embedding` and `graph/nothing-to-learn`.
 */
export function importedBackbone(model: OnnxModel, { name, title, input: how }: ImportFacts): Backbone {
  const source = sourceOf(model);
  const size = sideOf(source, how.layout);
  const [mean = 0] = how.mean;
  const [std = 1] = how.std;
  const alike =
    how.scale === 1 && how.mean.every((one) => one === mean) && how.std.every((one) => one === std);
  const pixels = alike ? { mean, deviation: std, order: how.colour } : { ...common, order: how.colour };
  const build = (net: Net, pictures: Value): Value => {
    const own = alike ? pictures : normalised(pictures, how);
    const y = buildGraph(source, net, how.layout === 'nchw' ? own : transpose(own, [0, 2, 3, 1]));
    const n = pictures.shape[0] ?? 1;
    if (y.shape[0] !== n || y.shape.length < 2)
      throw error('graph/no-embedding', { output: source.output, shape: y.shape.join(', ') });
    return reshape(y, [n, count(y.shape) / n]);
  };
  const trial = openNet(false);
  const side = size ?? how.size ?? 112;
  const embedding = build(trial, input('pictures', [2, 3, side, side])).shape[1] ?? 0;
  if (trial.parameters.length === 0) throw error('graph/nothing-to-learn', { title });
  return {
    ...{ name, title, family: 'Imported', input: side, build },
    defaults: { embedding, dropout: 0 },
    fixed: { size, embedding, pixels },
  };
}

/** The side of its pictures; null where the file leaves it open. */
function sideOf({ input: { name, shape } }: Source, layout: 'nchw' | 'nhwc'): number | null {
  const [, a = null, b = null, c = null] = shape ?? [];
  const [channels, ...sides] = layout === 'nchw' ? [a, b, c] : [c, a, b];
  const refuse = (why: string): never => {
    throw error('graph/refused-node', { op: 'The input', node: name, why });
  };
  if (typeof channels === 'number' && channels !== 3)
    refuse(`its pictures have ${channels} channels, and crops have three`);
  const [height, width] = sides.filter((side) => typeof side === 'number');
  if (height !== undefined && width !== undefined && height !== width)
    refuse(`its pictures are ${height}×${width}, and crops are square`);
  return height ?? null;
}

/** From (pixel − 127.5)/127.5 to what the network wants. */
function normalised(pictures: Value, { scale, mean, std }: ImportFacts['input']): Value {
  const each = (of: (mean: number, std: number) => number): Value =>
    constant(
      [0, 1, 2].map((c) => of(mean[c] ?? mean[0] ?? 0, std[c] ?? std[0] ?? 1)),
      [3],
    );
  const factor = each((_, s) => (common.deviation * scale) / s);
  return affine(
    pictures,
    factor,
    each((m, s) => (common.mean * scale - m) / s),
  );
}
