import { defined } from '../base/assert.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { buildEmbedding, type NetworkPlan } from './1-build.ts';
import { simplify } from './4-simplify.ts';
import { emit } from './5-emit.ts';

/**
 * The network from crops `images` [n, size, size, 3] of uint8 to `embedding` [n, d], for any n. `trained` has every
 * parameter and running statistic by name, which become constants: convolutions with constant filters are up to 1.5 times
 * as fast. Where it is null they are inputs, so that one session serves numbers that change.
 */
export function compileInference(
  plan: NetworkPlan,
  trained: ReadonlyMap<string, Float32Array> | null,
): OnnxModel {
  const { net, embedding } = buildEmbedding(plan, 2);
  const wanted = trained === null ? [] : [...net.parameters, ...net.running];
  const constants = new Map(
    wanted.map(({ name }) => [name, defined(trained?.get(name), `the trained ${name}`)]),
  );
  const [simple] = simplify([embedding]);
  const results = new Map([['embedding', defined(simple, 'the simplified embedding')]]);
  return emit(results, { name: plan.backbone.name, constants, batch: { name: 'batch', inputs: ['images'] } });
}
