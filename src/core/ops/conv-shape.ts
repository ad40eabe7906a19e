import { assert } from '../base/assert.ts';
import { side } from '../graph/shape.ts';
import type { OnnxAttributes, Shape } from '../graph/value.ts';
import { int, ints } from '../onnx/build.ts';

/** Two numbers: by height, by width. */
export type Pair = readonly [number, number];

export type ConvAttributes = {
  readonly stride: Pair;
  /** Zeros put above, to the left, below, to the right. */
  readonly padding: readonly [number, number, number, number];
  readonly dilation: Pair;
  readonly groups: number;
};

export interface ConvOptions {
  readonly stride?: number | Pair;
  readonly padding?: number | ConvAttributes['padding'];
  readonly dilation?: number | Pair;
  readonly groups?: number;
}

export function convAttributes(options: ConvOptions): ConvAttributes {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const pair = (value: number | Pair): Pair => (typeof value === 'number' ? [value, value] : value);
  const four = typeof padding === 'number' ? ([padding, padding, padding, padding] as const) : padding;
  return { stride: pair(stride), padding: four, dilation: pair(dilation), groups };
}

/** The result's shape: x [n, in, h, w], w [out, in/groups, kh, kw] → [n, out, oh, ow]. */
export function convShape(x: Shape, w: Shape, { stride, padding, dilation, groups }: ConvAttributes): Shape {
  assert(x.length === 4 && w.length === 4, () => `conv of [${x}] by [${w}]`);
  const [batch, channels] = [side(x, 0), side(x, 1)];
  const out = side(w, 0);
  assert(
    channels === side(w, 1) * groups && out % groups === 0,
    () => `conv of [${x}] by [${w}] in ${groups} groups`,
  );
  const sides = ([0, 1] as const).map((i) => {
    const padded = side(x, 2 + i) + padding[i] + padding[i === 0 ? 2 : 3];
    return Math.floor((padded - dilation[i] * (side(w, 2 + i) - 1) - 1) / stride[i]) + 1;
  });
  return [batch, out, ...sides];
}

export function convOnnx({ stride, padding, dilation, groups }: ConvAttributes, w: Shape): OnnxAttributes {
  return {
    kernel_shape: ints(w.slice(2)),
    strides: ints(stride),
    pads: ints(padding),
    dilations: ints(dilation),
    group: int(groups),
  };
}

/** Every channel has filters of its own. */
export function isDepthwise(w: Shape, { groups }: ConvAttributes): boolean {
  return groups > 1 && side(w, 1) === 1 && side(w, 0) === groups;
}

export function isPointwise(w: Shape, { stride, padding }: ConvAttributes): boolean {
  const one = (pair: readonly number[], value: number): boolean => pair.every((n) => n === value);
  return one(w.slice(2), 1) && one(stride, 1) && one(padding, 0);
}
