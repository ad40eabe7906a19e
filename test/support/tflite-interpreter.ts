import type { TfliteModel, TfliteOperator, TfliteTensor } from '../../scripts/build-models/tflite/model.ts';
import type { Options } from '../../scripts/build-models/tflite/operators.ts';
import { runMapOperator } from './tflite-maps.ts';

/**
 * A slow, plain TFLite interpreter: the oracle of the converter's tests. It computes every operator as TFLite's
 * documentation defines it, on [batch, height, width, channels], in double precision, without any rewriting.
 */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The outputs, in the model's order, for inputs of any batch, height and width. */
export function interpretTflite(model: TfliteModel, inputs: readonly Value[]): Value[] {
  const values = new Map<number, Value>();
  model.tensors.forEach((tensor, index) => {
    if (tensor.data !== null) values.set(index, constant(tensor));
  });
  model.inputs.forEach((index, i) => {
    values.set(index, need(inputs[i]));
  });
  for (const operator of model.operators) {
    const operands = operator.inputs.map((index) => (index < 0 ? null : need(values.get(index))));
    const output = operator.outputs[0] ?? -1;
    const declared = need(model.tensors[output]).shape;
    values.set(output, runOperator(operator, operands, declared));
  }
  return model.outputs.map((index) => need(values.get(index)));
}

export function need<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('the interpreter lacks a value');
  return value;
}

export function count(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function constant(tensor: TfliteTensor): Value {
  const bytes = new Uint8Array(need(tensor.data)).buffer;
  const { shape, type } = tensor;
  if (type === 'float32') return { shape, data: Float64Array.from(new Float32Array(bytes)) };
  if (type === 'int32') return { shape, data: Float64Array.from(new Int32Array(bytes)) };
  if (type === 'float16') return { shape, data: Float64Array.from(new Uint16Array(bytes), half) };
  throw new Error(`constants of type ${type}`);
}

/** IEEE half precision by its bits, through the same number in single precision. */
function half(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  const exponent = (bits >> 10) & 31;
  if (exponent === 0) return ((bits & 1023) / 1024) * 2 ** -14 * (bits >> 15 ? -1 : 1);
  view.setUint32(0, ((bits & 0x8000) << 16) | ((exponent - 15 + 127) << 23) | ((bits & 1023) << 13));
  return view.getFloat32(0);
}

function activated(value: Value, { activation }: Options): Value {
  const bound = { none: null, relu: [0, Infinity], relu6: [0, 6], 'relu-n1-to-1': [-1, 1], tanh: null }[
    activation
  ];
  if (activation === 'tanh') return { shape: value.shape, data: value.data.map(Math.tanh) };
  if (bound === null) return value;
  const [low = 0, high = 0] = bound;
  return { shape: value.shape, data: value.data.map((x) => Math.min(high, Math.max(low, x))) };
}

const unary: Readonly<Record<string, (x: number, options: Options) => number>> = {
  DEQUANTIZE: (x) => x,
  RELU: (x) => Math.max(0, x),
  RELU6: (x) => Math.min(6, Math.max(0, x)),
  NEG: (x) => -x,
  ABS: Math.abs,
  EXP: Math.exp,
  TANH: Math.tanh,
  LOGISTIC: (x) => 1 / (1 + Math.exp(-x)),
  LEAKY_RELU: (x, { alpha }) => (x >= 0 ? x : alpha * x),
};

const binary: Readonly<Record<string, (x: number, y: number) => number>> = {
  ADD: (x, y) => x + y,
  SUB: (x, y) => x - y,
  MUL: (x, y) => x * y,
  DIV: (x, y) => x / y,
  MAXIMUM: Math.max,
  MINIMUM: Math.min,
  PRELU: (x, slope) => (x >= 0 ? x : slope * x),
};

function runOperator(
  { kind, options }: TfliteOperator,
  operands: readonly (Value | null)[],
  declared: readonly number[],
): Value {
  const x = need(operands[0]);
  const single = unary[kind];
  if (single !== undefined) return { shape: x.shape, data: x.data.map((v) => single(v, options)) };
  const double = binary[kind];
  if (double !== undefined) return activated(broadcast(x, need(operands[1]), double), options);
  if (kind === 'RESHAPE') {
    // Only the batch may differ from what the file declares.
    return { shape: [x.shape[0] ?? 1, ...declared.slice(1)], data: x.data };
  }
  if (kind === 'SUM') return reduce(x, axesOf(x, operands[1]), (a, b) => a + b, options.keepDims);
  if (kind === 'REDUCE_MAX') return reduce(x, axesOf(x, operands[1]), Math.max, options.keepDims);
  if (kind === 'MEAN') {
    const axes = axesOf(x, operands[1]);
    const places = count(axes.map((axis) => x.shape[axis] ?? 1));
    const sum = reduce(x, axes, (a, b) => a + b, options.keepDims);
    return { shape: sum.shape, data: sum.data.map((v) => v / places) };
  }
  if (kind === 'SOFTMAX') return softmax(x, options.beta);
  if (kind === 'CONCATENATION') return activated(concatenate(operands.map(need), options.axis), options);
  if (kind === 'FULLY_CONNECTED') {
    return activated(fullyConnected(x, need(operands[1]), operands[2] ?? null), options);
  }
  return activated(runMapOperator(kind, options, operands), options);
}

/** Numpy's broadcasting of two operands. */
function broadcast(x: Value, y: Value, f: (a: number, b: number) => number): Value {
  const rank = Math.max(x.shape.length, y.shape.length);
  const long = (v: Value): number[] => [...Array(rank - v.shape.length).fill(1), ...v.shape];
  const [left, right] = [long(x), long(y)];
  const shape = left.map((side, axis) => Math.max(side, right[axis] ?? 1));
  const data = new Float64Array(count(shape));
  for (let i = 0; i < data.length; i++) {
    let rest = i;
    let [a, b, aStep, bStep] = [0, 0, 1, 1];
    for (let axis = rank - 1; axis >= 0; axis--) {
      const at = rest % (shape[axis] ?? 1);
      rest = Math.floor(rest / (shape[axis] ?? 1));
      a += (at % (left[axis] ?? 1)) * aStep;
      b += (at % (right[axis] ?? 1)) * bStep;
      aStep *= left[axis] ?? 1;
      bStep *= right[axis] ?? 1;
    }
    data[i] = f(x.data[a] ?? 0, y.data[b] ?? 0);
  }
  return { shape, data };
}

function axesOf(x: Value, axes: Value | null | undefined): number[] {
  return [...need(axes).data].map((axis) => (axis < 0 ? axis + x.shape.length : axis));
}

function reduce(x: Value, axes: number[], f: (a: number, b: number) => number, keep: boolean): Value {
  const kept = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
  const data = new Float64Array(count(kept)).fill(Number.NaN);
  x.data.forEach((value, i) => {
    let rest = i;
    let [to, step] = [0, 1];
    for (let axis = kept.length - 1; axis >= 0; axis--) {
      const at = rest % (x.shape[axis] ?? 1);
      rest = Math.floor(rest / (x.shape[axis] ?? 1));
      to += (at % (kept[axis] ?? 1)) * step;
      step *= kept[axis] ?? 1;
    }
    const before = data[to] ?? Number.NaN;
    data[to] = Number.isNaN(before) ? value : f(before, value);
  });
  return { shape: keep ? kept : x.shape.filter((_, axis) => !axes.includes(axis)), data };
}

function softmax(x: Value, beta: number): Value {
  const width = need(x.shape.at(-1));
  const data = new Float64Array(x.data.length);
  for (let start = 0; start < data.length; start += width) {
    const row = [...x.data.subarray(start, start + width)].map((v) => Math.exp(beta * v));
    const sum = row.reduce((a, b) => a + b, 0);
    data.set(
      row.map((v) => v / sum),
      start,
    );
  }
  return { shape: x.shape, data };
}

function concatenate(parts: readonly Value[], along: number): Value {
  const first = need(parts[0]).shape;
  const axis = along < 0 ? along + first.length : along;
  const shape = first.map((side, i) =>
    i === axis ? parts.reduce((sum, part) => sum + need(part.shape[axis]), 0) : side,
  );
  const data: number[] = [];
  for (let outer = 0; outer < count(first.slice(0, axis)); outer++) {
    for (const part of parts) {
      const block = count(part.shape.slice(axis));
      data.push(...part.data.subarray(outer * block, (outer + 1) * block));
    }
  }
  return { shape, data: Float64Array.from(data) };
}

function fullyConnected(x: Value, weights: Value, bias: Value | null): Value {
  const [out = 1, width = 1] = weights.shape;
  const rows = x.data.length / width;
  const data = new Float64Array(rows * out);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < out; o++) {
      let sum = bias?.data[o] ?? 0;
      for (let i = 0; i < width; i++)
        sum += need(x.data[row * width + i]) * need(weights.data[o * width + i]);
      data[row * out + o] = sum;
    }
  }
  return { shape: [rows, out], data };
}
