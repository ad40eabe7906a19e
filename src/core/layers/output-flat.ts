import type { Value } from '../graph/value.ts';
import { batchNorm } from './batch-norm.ts';
import { linear } from './linear.ts';
import type { Net } from './net.ts';
import type { OutputOptions } from './output.ts';
import { flatten } from './shape.ts';

/** [n, ..] → [n, embedding]: all of a map by one matrix, and normalisation; how FaceX-Zoo ends most of its networks. */
export function outputFlat(net: Net, map: Value, { embedding }: OutputOptions, bias = false): Value {
  return batchNorm(net, 'head.bn', linear(net, 'head.linear', flatten(map), { out: embedding, bias }));
}
