import { int, node } from '../../../src/core/onnx/build.ts';
import type { OnnxDim, OnnxModel, OnnxValueInfo } from '../../../src/core/onnx/types.ts';
import { tensorAt } from './constants.ts';
import { type Conversion, type ConvertOptions, planarAxes, planarName } from './context.ts';
import { damaged } from './flatbuffer.ts';
import type { TfliteModel, TfliteOperator } from './model.ts';
import { emitConv, emitPool } from './op-conv.ts';
import { emitBinary, emitPrelu, emitUnary } from './op-elementwise.ts';
import {
  emitConcat,
  emitFullyConnected,
  emitLeakyRelu,
  emitMean,
  emitPad,
  emitReshape,
  emitResize,
  emitSoftmax,
} from './op-shape.ts';
import { simplifyTflite } from './rewrite.ts';

/** Resize with `axes` needs 18. */
const opset = 18;
const irVersion = 8;

/** Every operator that can be converted, and by what. */
const emitters: Readonly<Record<string, (c: Conversion, operator: TfliteOperator) => void>> = {
  ABS: emitUnary,
  ADD: emitBinary,
  AVERAGE_POOL_2D: emitPool,
  CONCATENATION: emitConcat,
  CONV_2D: emitConv,
  DEPTHWISE_CONV_2D: emitConv,
  DIV: emitBinary,
  EXP: emitUnary,
  FULLY_CONNECTED: emitFullyConnected,
  LEAKY_RELU: emitLeakyRelu,
  LOGISTIC: emitUnary,
  MAXIMUM: emitBinary,
  MAX_POOL_2D: emitPool,
  MEAN: emitMean,
  MINIMUM: emitBinary,
  MUL: emitBinary,
  NEG: emitUnary,
  PAD: emitPad,
  PRELU: emitPrelu,
  RELU: emitUnary,
  RELU6: emitUnary,
  RESHAPE: emitReshape,
  RESIZE_BILINEAR: emitResize,
  SOFTMAX: emitSoftmax,
  SUB: emitBinary,
  TANH: emitUnary,
};

/**
 * A TFLite model as an ONNX model. Inputs [n, h, w, c] become [batch, c, h, w]; so do outputs, and those of one place
 * ([n, 1, 1, c]) become [batch, c]. The batch is free. Throws `models/bad-source` on what it cannot convert.
 */
export function convertTflite(source: TfliteModel, options: ConvertOptions): OnnxModel {
  const model = simplifyTflite(source);
  if (options.inputs.length !== model.inputs.length || options.outputs.length !== model.outputs.length) {
    throw damaged(model.name, `${model.inputs.length} inputs and ${model.outputs.length} outputs`);
  }
  const c: Conversion = {
    model,
    options,
    nodes: [],
    initializers: [],
    planar: new Map(),
    plain: new Map(),
  };
  const inputs = model.inputs.map((index, i): OnnxValueInfo => {
    const name = options.inputs[i] ?? '';
    c.planar.set(index, name);
    return { name, type: 'float32', shape: inputShape(c, index) };
  });
  for (const operator of model.operators) {
    const emit = emitters[operator.kind];
    if (emit === undefined) throw damaged(model.name, `operator ${operator.kind} is not known`);
    emit(c, operator);
  }
  const outputs = model.outputs.map((index, i) => emitOutput(c, index, options.outputs[i] ?? ''));
  const graph = {
    name: model.name,
    nodes: c.nodes,
    initializers: c.initializers,
    inputs,
    outputs,
    values: [],
  };
  return {
    irVersion,
    producer: 'lineament',
    producerVersion: '',
    opsets: new Map([['', opset]]),
    metadata: new Map(),
    graph,
  };
}

function inputShape(c: Conversion, index: number): OnnxDim[] {
  const { shape } = tensorAt(c.model, index);
  if (shape.length !== 4) return ['batch', ...shape.slice(1)];
  const [, channels, height, width] = planarAxes(c).map((axis) => shape[axis] ?? null);
  return [
    'batch',
    channels ?? null,
    ...(c.options.anySize ? ['height', 'width'] : [height ?? null, width ?? null]),
  ];
}

/** Gives an output its public name, and its shape. */
function emitOutput(c: Conversion, index: number, name: string): OnnxValueInfo {
  const { shape } = tensorAt(c.model, index);
  const value = planarName(c, index);
  const free = shape.length === 4 && c.options.anySize;
  if (shape.length === 4 && !free && shape[1] === 1 && shape[2] === 1) {
    c.nodes.push(node('Flatten', [value], [name], { axis: int(1) }));
    return { name, type: 'float32', shape: ['batch', shape[3] ?? null] };
  }
  renameValue(c, value, name);
  if (shape.length !== 4) return { name, type: 'float32', shape: ['batch', ...shape.slice(1)] };
  const [, ...axes] = planarAxes(c);
  const sides = axes.map((axis) => (free && axis !== 3 ? null : (shape[axis] ?? null)));
  return { name, type: 'float32', shape: ['batch', ...sides] };
}

/** Renames a value wherever nodes make or use it. */
function renameValue(c: Conversion, from: string, to: string): void {
  const renamed = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  c.nodes.forEach((made, i) => {
    c.nodes[i] = { ...made, inputs: renamed(made.inputs), outputs: renamed(made.outputs) };
  });
}
