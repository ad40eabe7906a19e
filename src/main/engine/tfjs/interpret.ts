import type { Tensor } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../../core/base/assert.ts';
import { constantOp, inputOp, isNode } from '../../../core/graph/leaves.ts';
import { sameShape } from '../../../core/graph/shape.ts';
import type { Value } from '../../../core/graph/value.ts';
import { topological } from '../../../core/graph/walk.ts';
import { rules } from './rules.ts';
import type { Tf } from './tf.ts';

/** Tensors of a graph's inputs, by name. */
export type Feeds = ReadonlyMap<string, Tensor>;

/**
 * Computes a graph with tfjs, operator by operator, so that tfjs can differentiate it. An operator without a rule here is
 * replaced by what it is made of; the derivative is then tfjs's own, of those parts.
 */
export function interpret(tf: Tf, results: readonly Value[], feeds: Feeds): Tensor[] {
  const tensors = new Map<Value, Tensor>();
  const compute = (value: Value): Tensor => {
    if (isNode(value, inputOp)) {
      const { name } = value.attributes;
      return defined(feeds.get(name), `something to feed to ${name}`);
    }
    if (isNode(value, constantOp))
      return tf.tensor(Float32Array.from(value.attributes.data), [...value.shape], 'float32');
    const rule = rules.get(value.op.name);
    if (rule) {
      const inputs = value.inputs.map((input) => defined(tensors.get(input), `the ${input.op.name}`));
      return rule(tf, value, inputs);
    }
    const { form } = value.op;
    assert(form.kind === 'composed', `TensorFlow can compute ${value.op.name}`);
    const lowered = form.lower(value);
    computeAll(lowered);
    return defined(tensors.get(lowered), `what ${value.op.name} is made of`);
  };
  const computeAll = (result: Value): void => {
    for (const value of topological([result], (known) => tensors.has(known))) {
      const tensor = compute(value);
      assert(
        sameShape(tensor.shape, value.shape),
        `${value.op.name} gives [${value.shape}]: [${tensor.shape}]`,
      );
      tensors.set(value, tensor);
    }
  };
  for (const result of results) computeAll(result);
  return results.map((result) => defined(tensors.get(result), 'the result'));
}
