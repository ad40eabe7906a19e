import { defined } from '../base/assert.ts';
import { scalar } from '../graph/builder.ts';
import { inputOp, isNode } from '../graph/leaves.ts';
import type { Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import type { Mask, Parameter, Running } from '../layers/net.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { concat } from '../ops/concat.ts';
import { multiply } from '../ops/multiply.ts';
import { reduceSum } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { buildLoss, type LossPlan } from './1-build.ts';
import { differentiate } from './2-differentiate.ts';
import { anyTarget, emitAll, isMixed } from './training.ts';

/**
 * Where a batch goes wrong. Inputs: `images`, `labels`, the masks, the parameters and the state. Outputs: `loss` [], and
 * `forward` and `backward` [parameters], which are 0 where the result of the node that uses the parameter, or the
 * derivative by it, is finite, and not a number where it is not. In mixed precision the loss is not scaled.
 */
export interface CompiledDiagnosis {
  readonly model: OnnxModel;
  /** In the order in which the network uses them. */
  readonly parameters: readonly Parameter[];
  /** What the loss depends on of the numbers that go from batch to batch, such as a head's. */
  readonly state: readonly Running[];
  readonly masks: readonly Mask[];
}

export function compileDiagnosis(plan: LossPlan): CompiledDiagnosis {
  const { net, loss } = buildLoss(plan);
  const order = topological([loss]);
  const met = new Map(net.parameters.map((one) => [one, firstMeeting(order, one.value)] as const));
  const parameters = net.parameters.toSorted((a, b) => (met.get(a) ?? 0) - (met.get(b) ?? 0));
  const results = parameters.map((one) => defined(order[met.get(one) ?? -1], `what uses ${one.name}`));
  const gradients = differentiate(
    loss,
    parameters.map(({ value }) => value),
  );
  const named = { loss, forward: finite(results), backward: finite(gradients) };
  const model = emitAll(Object.entries(named), 'diagnosis', anyTarget, isMixed(plan));
  const needed = new Set(order);
  const state = net.running.filter(({ value }) => needed.has(value));
  return { model, parameters, state, masks: net.masks };
}

/** The place in the walk of the first value that depends on both the pictures and a parameter. */
function firstMeeting(order: readonly Value[], parameter: Value): number {
  const ofPictures = new Set<Value>();
  const ofParameter = new Set<Value>([parameter]);
  for (const [i, value] of order.entries()) {
    if (isNode(value, inputOp) && value.attributes.name === 'images') ofPictures.add(value);
    if (value.inputs.some((input) => ofPictures.has(input))) ofPictures.add(value);
    if (value.inputs.some((input) => ofParameter.has(input))) ofParameter.add(value);
    if (ofPictures.has(value) && ofParameter.has(value)) return i;
  }
  return order.length - 1;
}

/** Σ 0·x of each value [count]: infinite and undefined numbers times 0 are undefined, and so is their sum. */
function finite(values: readonly Value[]): Value {
  const sums = values.map((value) => reshape(reduceSum(multiply(value, scalar(0))), [1]));
  return sums.length === 1 ? defined(sums[0], 'a sum') : concat(sums, 0);
}
