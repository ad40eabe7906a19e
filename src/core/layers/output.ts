import type { Value } from '../graph/value.ts';
import { batchNorm } from './batch-norm.ts';
import { dropout } from './dropout.ts';
import { linear } from './linear.ts';
import type { Net } from './net.ts';
import { globalMean } from './pool.ts';
import { flatten } from './shape.ts';

export interface OutputOptions {
  /** Length of the embedding. */
  readonly embedding: number;
  readonly dropout: number;
  /** `e` where left out. */
  readonly output?: 'e' | 'own';
}

/** From a map [n, c, h, w] to embeddings [n, embedding]: by "E", or as the family's paper ends. */
export function outputLayer(net: Net, map: Value, options: OutputOptions, own = outputMean): Value {
  return options.output === 'own' ? own(net, map, options) : outputE(net, map, options);
}

/** "E" (Deng et al. 2019; face.evoLVe): normalise, drop out, all of the map by one matrix, normalise. */
export function outputE(net: Net, map: Value, { embedding, dropout: rate }: OutputOptions): Value {
  const x = dropout(net, 'head.dropout', batchNorm(net, 'head.bn1', map), rate);
  return batchNorm(net, 'head.bn2', linear(net, 'head.linear', flatten(x), { out: embedding }));
}

/** As classifiers of ImageNet end: the mean of every channel, drop out, and a matrix with bias. */
export function outputMean(net: Net, map: Value, { embedding, dropout: rate }: OutputOptions): Value {
  const x = dropout(net, 'head.dropout', globalMean(map), rate);
  return linear(net, 'head.linear', x, { out: embedding });
}
