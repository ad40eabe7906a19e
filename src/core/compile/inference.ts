import { defined } from '../base/assert.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { buildEmbedding, type NetworkPlan } from './1-build.ts';
import { simplify } from './4-simplify.ts';
import { emit } from './5-emit.ts';

/**
 * The network from crops `images` [n, size, size, 3] of uint8 to `embedding` [n, d], for any n, with the trained numbers
 * as constants: convolutions with constant filters are up to 1.5 times as fast. `trained` has every parameter and
 * running statistic by name; what else it has is left alone.
 */
export function compileInference(plan: NetworkPlan, trained: ReadonlyMap<string, Float32Array>): OnnxModel {
  const { net, embedding } = buildEmbedding(plan, 2);
  const constants = new Map(
    [...net.parameters, ...net.running].map(({ name }) => [
      name,
      defined(trained.get(name), `the trained ${name}`),
    ]),
  );
  const [simple] = simplify([embedding]);
  const results = new Map([['embedding', defined(simple, 'the simplified embedding')]]);
  return emit(results, { name: plan.backbone.name, constants, batch: 'batch' });
}
