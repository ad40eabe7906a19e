import { operands } from '../graph/spec.ts';
import type { OnnxAttributes, Operator } from '../graph/value.ts';
import { ints } from '../onnx/build.ts';
import { type ConvAttributes, type ConvOptions, convAttributes, convShape, type Pair } from './conv-shape.ts';

/** What the poolings have in common. */

export type PoolAttributes = {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: ConvAttributes['padding'];
};

export interface PoolOptions extends Pick<ConvOptions, 'stride' | 'padding'> {
  readonly kernel: number | Pair;
}

export function poolAttributes({ kernel, ...options }: PoolOptions): PoolAttributes {
  const { stride, padding } = convAttributes({ stride: kernel, ...options });
  return { kernel: typeof kernel === 'number' ? [kernel, kernel] : kernel, stride, padding };
}

export function poolShape(name: string): Operator<PoolAttributes>['shape'] {
  return (inputs, { kernel, stride, padding }) => {
    const [x] = operands(name, inputs, 1);
    const channels = x?.shape[1] ?? 1;
    const attributes = { stride, padding, dilation: [1, 1], groups: channels } as const;
    return convShape(x?.shape ?? [], [channels, 1, ...kernel], attributes);
  };
}

export function poolOnnx({ kernel, stride, padding }: PoolAttributes): OnnxAttributes {
  return { kernel_shape: ints(kernel), strides: ints(stride), pads: ints(padding) };
}
