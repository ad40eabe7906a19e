import { node } from '../graph/builder.ts';
import { reduced } from '../graph/shape.ts';
import { operands } from '../graph/spec.ts';
import type { Emitter, Operator, Shape, Value } from '../graph/value.ts';
import { int } from '../onnx/build.ts';
import { one } from './elementwise.ts';
import { reshape } from './reshape.ts';

/** What the reductions have in common. */

export type ReduceAttributes = { readonly axes: readonly number[]; readonly keep: boolean };

export function reduceShape(name: string): Operator<ReduceAttributes>['shape'] {
  return (inputs, { axes, keep }) => {
    return reduced(operands(name, inputs, 1)[0]?.shape ?? [], axes, keep);
  };
}

export function reduceForm(op: string): Operator<ReduceAttributes>['form'] {
  return {
    kind: 'primitive',
    emit: ({ attributes: { axes, keep } }: Value<ReduceAttributes>, onnx: Emitter) =>
      onnx.node(op, [onnx.input(0), onnx.ints(axes)], { keepdims: int(keep ? 1 : 0) }),
  };
}

/** A value of the reduction's shape with its axes kept as ones, so that it broadcasts to the input. */
export function kept(reduction: Value<ReduceAttributes>, value: Value): Value {
  const { axes, keep } = reduction.attributes;
  return keep ? value : reshape(value, reduced(one(reduction).shape, axes, true));
}

export function reduceNode(
  op: Operator<ReduceAttributes>,
  x: Value,
  axes: readonly number[] | undefined,
  keep: boolean,
): Value {
  const all: Shape = axes ?? x.shape.map((_, i) => i);
  return node(op, [x], { axes: all, keep });
}
