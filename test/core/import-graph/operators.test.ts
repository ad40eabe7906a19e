import { describe, expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import { buildGraph, sourceOf } from '../../../src/core/import-graph/build.ts';
import { rules } from '../../../src/core/import-graph/rules.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { float, int, ints, node, text } from '../../../src/core/onnx/build.ts';
import type { OnnxNode, OnnxTensor } from '../../../src/core/onnx/types.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { initialise } from '../../../src/core/training/initialise.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { uniform } from '../../support/reference/formula.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';
import { drawn, last, type ModelOptions, modelOf, numbers, single, whole } from './models.ts';

/** Nodes, their constants, and the names of the parameters that should come of them. */
type Case = readonly [string, readonly OnnxNode[], readonly OnnxTensor[], readonly string[], ModelOptions?];

const unary = (op: string, attributes = {}, more: readonly OnnxTensor[] = []): Case => [
  op,
  [last(op, ['x', ...more.map(({ name }) => name)], attributes)],
  more,
  [],
];
/** Of numbers above 0. */
const positive = (op: string): Case => [op, [node('Exp', ['x'], ['e']), last(op, ['e'])], [], []];
const w = drawn('w', [4, 3, 3, 3]);
const b = drawn('b', [4]);
const four = [
  numbers('s', 1.1, 0.9, 1.2),
  numbers('b', 0.1, 0, -0.2),
  numbers('m', 0, 0.1, -0.1),
  numbers('v', 1, 2, 0.5),
];
const axes = { axes: ints([2, 3]) };

const cases: readonly Case[] = [
  unary('Abs'),
  unary('Elu', { alpha: float(0.7) }),
  unary('Erf'),
  unary('Exp'),
  unary('HardSigmoid', { alpha: float(0.3) }),
  unary('HardSwish'),
  unary('Identity'),
  unary('LeakyRelu', { alpha: float(0.2) }),
  positive('Log'),
  unary('Mish'),
  unary('Neg'),
  positive('Reciprocal'),
  unary('Relu'),
  unary('Selu'),
  unary('Sigmoid'),
  unary('Softplus'),
  positive('Sqrt'),
  unary('Tanh'),
  ['Gelu', [last('Gelu', ['x'])], [], [], { opset: 20 }],
  ['Gelu, by tanh', [last('Gelu', ['x'], { approximate: text('tanh') })], [], [], { opset: 20 }],
  unary('Clip', {}, [single('low', -0.5), single('high', 0.4)]),
  [
    'Clip, as before version 11',
    [last('Clip', ['x'], { min: float(0), max: float(6) })],
    [],
    [],
    { opset: 9 },
  ],
  unary('Clip', {}, [single('low', 0)]),
  unary('Pow', {}, [single('two', 2)]),
  ['Add of what is computed', [node('Neg', ['x'], ['y']), last('Add', ['x', 'y'])], [], []],
  [
    'a picture that is normalised learns nothing',
    [node('Sub', ['x', 'mean'], ['y']), last('Div', ['y', 'std'])],
    [drawn('mean', [3, 1, 1]), drawn('std', [3, 1, 1], 1)],
    [],
  ],
  [
    'factors and terms after a weight',
    [
      node('Conv', ['x', 'w'], ['y'], { pads: ints([1, 1, 1, 1]) }),
      node('Mul', ['y', 'f'], ['z']),
      last('Add', ['z', 't']),
    ],
    [w, drawn('f', [1, 4, 1, 1]), drawn('t', [4, 1, 1])],
    ['conv0.weight', 'mul0.factor', 'add0.bias'],
  ],
  [
    'a mask is a constant',
    [node('Conv', ['x', 'w'], ['y']), last('Mul', ['y', 'mask'])],
    [w, drawn('mask', [4, 6])],
    ['conv0.weight'],
  ],
  [
    'Max, Min, Sum, Mean',
    [
      node('Neg', ['x'], ['a']),
      node('Max', ['x', 'a'], ['m']),
      node('Min', ['m', 'a', 'x'], ['n']),
      node('Sum', ['n', 'x', 'm'], ['s']),
      last('Mean', ['s', 'a']),
    ],
    [],
    [],
  ],
  [
    'Conv',
    [last('Conv', ['x', 'w', 'b'], { strides: ints([2, 1]), pads: ints([1, 0, 1, 2]) })],
    [w, b],
    ['conv0.weight', 'conv0.bias'],
  ],
  [
    'Conv, same',
    [last('Conv', ['x', 'w'], { strides: ints([2, 2]), auto_pad: text('SAME_UPPER') })],
    [w],
    ['conv0.weight'],
  ],
  [
    'Conv, same below',
    [last('Conv', ['x', 'w'], { strides: ints([2, 2]), auto_pad: text('SAME_LOWER') })],
    [w],
    ['conv0.weight'],
  ],
  [
    'Conv, depthwise and dilated',
    [
      last('Conv', ['x', 'layer1.0.weight'], {
        group: int(3),
        dilations: ints([2, 2]),
        pads: ints([2, 2, 2, 2]),
      }),
    ],
    [drawn('layer1.0.weight', [3, 1, 3, 3])],
    ['layer1.0.weight'],
  ],
  [
    'Conv, twice by the same weights',
    [node('Conv', ['x', 'k'], ['y'], { pads: ints([1, 1, 1, 1]) }), last('Conv', ['y', 'k'])],
    [drawn('k', [3, 3, 3, 3])],
    ['conv0.weight'],
  ],
  [
    'ConvTranspose',
    [
      last('ConvTranspose', ['x', 't', 'b'], {
        strides: ints([2, 2]),
        pads: ints([1, 1, 0, 0]),
        output_padding: ints([1, 0]),
      }),
    ],
    [drawn('t', [3, 4, 3, 3]), b],
    ['convTranspose0.weight', 'convTranspose0.bias'],
  ],
  [
    'BatchNormalization',
    [last('BatchNormalization', ['x', 's', 'b', 'm', 'v'], { epsilon: float(1e-3) })],
    four,
    ['batchNormalization0.gamma', 'batchNormalization0.beta'],
  ],
  [
    'InstanceNormalization',
    [last('InstanceNormalization', ['x', 's', 'b'])],
    four.slice(0, 2),
    ['instanceNormalization0.weight', 'instanceNormalization0.bias'],
  ],
  [
    'LayerNormalization',
    [last('LayerNormalization', ['x', 'g', 'h'])],
    [drawn('g', [8]), drawn('h', [8])],
    ['layerNormalization0.weight', 'layerNormalization0.bias'],
  ],
  ['PRelu', [last('PRelu', ['x', 'a'])], [drawn('a', [3, 1, 1])], ['pRelu0.slope']],
  ['PRelu, one for all', [last('PRelu', ['x', 'a'])], [drawn('a', [1])], ['pRelu0.slope']],
  [
    'Gemm',
    [
      node('Flatten', ['x'], ['f']),
      last('Gemm', ['f', 'g', 'c'], { transB: int(1), alpha: float(0.5), beta: float(2) }),
    ],
    [drawn('g', [5, 144]), drawn('c', [5])],
    ['gemm0.weight', 'gemm0.bias'],
  ],
  [
    'MatMul of rows, and its term',
    [node('MatMul', ['x', 'g'], ['y']), last('Add', ['y', 'c'])],
    [drawn('g', [8, 5]), drawn('c', [5])],
    ['matMul0.weight', 'add0.bias'],
  ],
  [
    'MatMul of what is computed',
    [node('Transpose', ['x'], ['t'], { perm: ints([0, 1, 3, 2]) }), last('MatMul', ['x', 't'])],
    [],
    [],
  ],
  ['Einsum', [last('Einsum', ['x', 'x'], { equation: text('bcid,bcjd->bcij') })], [], []],
  unary('Softmax', { axis: int(1) }),
  ['Softmax, as before version 13', [last('Softmax', ['x'], { axis: int(2) })], [], [], { opset: 11 }],
  unary('LogSoftmax'),
  unary('LpNormalization', { axis: int(1) }),
  unary('MaxPool', {
    kernel_shape: ints([3, 3]),
    strides: ints([2, 2]),
    pads: ints([1, 1, 1, 1]),
    ceil_mode: int(1),
  }),
  unary('AveragePool', { kernel_shape: ints([3, 2]), strides: ints([2, 2]), pads: ints([1, 0, 1, 0]) }),
  unary('AveragePool', { kernel_shape: ints([3, 3]), pads: ints([1, 1, 1, 1]), count_include_pad: int(1) }),
  unary('GlobalAveragePool'),
  unary('GlobalMaxPool'),
  unary('ReduceMean', { keepdims: int(0) }, [whole('axes', 2, -1)]),
  ['ReduceMean, as before version 18', [last('ReduceMean', ['x'], axes)], [], [], { opset: 13 }],
  unary('ReduceSum', {}, [whole('axes', 1)]),
  unary('ReduceMax', { keepdims: int(0) }, [whole('axes', 3)]),
  unary('ReduceMin', {}, [whole('axes', 3)]),
  unary('ReduceL2', {}, [whole('axes', 1)]),
  unary('ReduceSumSquare', {}, [whole('axes', 1)]),
  [
    'Resize',
    [
      last('Resize', ['x', '', 'by'], {
        mode: text('linear'),
        coordinate_transformation_mode: text('align_corners'),
      }),
    ],
    [numbers('by', 1, 1, 2, 1.5)],
    [],
  ],
  [
    'Resize to a size',
    [last('Resize', ['x', '', '', 'to'], { mode: text('nearest') })],
    [whole('to', 2, 3, 9, 4)],
    [],
  ],
  ['Upsample', [last('Upsample', ['x', 'by'])], [numbers('by', 1, 1, 2, 2)], [], { opset: 9 }],
  unary('Concat', { axis: int(1) }),
  ['Concat', [node('Neg', ['x'], ['y']), last('Concat', ['x', 'y'], { axis: int(-1) })], [], []],
  unary('DepthToSpace', { blocksize: int(1) }),
  unary('Dropout'),
  unary('Cast', { to: int(1) }),
  unary('Expand', {}, [whole('to', 1, 1, 1, 8)]),
  unary('Flatten', { axis: int(2) }),
  unary('Gather', { axis: int(1) }, [whole('which', 2, 0)]),
  unary('Pad', {}, [whole('by', 0, 1, 0, 2, 0, 0, 1, 0), single('with', 0.5)]),
  unary('Reshape', {}, [whole('to', 0, -1, 6)]),
  unary('Slice', {}, [whole('from', 1, 0), whole('to', 9, -1), whole('axes', 2, 3), whole('by', 2, 3)]),
  [
    'Slice, as before version 10',
    [last('Slice', ['x'], { starts: ints([1]), ends: ints([3]), axes: ints([3]) })],
    [],
    [],
    { opset: 9 },
  ],
  [
    'Split',
    [node('Split', ['x', 'parts'], ['p', 'q'], { axis: int(3) }), last('Sum', ['q', 'q'])],
    [whole('parts', 3, 5)],
    [],
  ],
  [
    'Squeeze and Unsqueeze',
    [node('ReduceSum', ['x', 'a'], ['r']), node('Squeeze', ['r', 'a'], ['s']), last('Unsqueeze', ['s', 'a'])],
    [whole('a', 2)],
    [],
  ],
  ['Transpose', [last('Transpose', ['x'], { perm: ints([0, 2, 3, 1]) })], [], []],
  // what exporters make of x.view(n, -1) and of an upsampling to the size of something else
  [
    'a shape that is computed',
    [
      node('Shape', ['x'], ['s']),
      node('Gather', ['s', 'zero'], ['n']),
      node('Unsqueeze', ['n', 'zeros'], ['n1']),
      node('Concat', ['n1', 'rest'], ['to'], { axis: int(0) }),
      last('Reshape', ['x', 'to']),
    ],
    [whole('zeros', 0), { ...whole('zero', 0), dims: [] }, whole('rest', -1)],
    [],
  ],
  [
    'a size that is computed',
    [
      node('Shape', ['x'], ['s']),
      node('Slice', ['s', 'two', 'four', 'zero'], ['hw']),
      node('Mul', ['hw', 'two'], ['twice']),
      node('Cast', ['twice'], ['f'], { to: int(1) }),
      node('Floor', ['f'], ['g']),
      node('Cast', ['g'], ['i'], { to: int(7) }),
      node('Slice', ['s', 'zero', 'two', 'zero'], ['nc']),
      node('Concat', ['nc', 'i'], ['to'], { axis: int(0) }),
      last('Resize', ['x', '', '', 'to'], { mode: text('linear') }),
    ],
    [whole('two', 2), whole('four', 4), whole('zero', 0)],
    [],
  ],
  [
    'weights that are turned first',
    [node('Transpose', ['g'], ['t'], { perm: ints([1, 0]) }), last('MatMul', ['x', 't'])],
    [drawn('g', [5, 8])],
    ['matMul0.weight'],
  ],
];

const titled = cases.map(([title, nodes, initializers, names, options]) => ({
  ...{ title, nodes, initializers, names, options },
}));

describe.each(titled)('$title', ({ nodes, initializers, names, options }) => {
  it('computes what onnxruntime computes of the file', async () => {
    const model = modelOf(nodes, initializers, options);
    const shape = [2, 3, 6, 8];
    const net = openNet(false);
    const result = buildGraph(sourceOf(model), net, input('x', shape));
    expect(net.parameters.map(({ name }) => name)).toEqual(names);
    const x = Float32Array.from(uniform('x', count(shape)), (value) => 2 * value);
    const feeds: Record<string, Float32Array> = { x };
    for (const one of [...net.parameters, ...net.running]) feeds[one.name] = initialise(one, 0);
    const [got] = await runInOnnxruntime([result], feeds);
    const session = await openSession({ name: 'file', bytes: writeOnnx(model) }, { threads: 1 });
    const wanted = (await session.run({ x: { shape, data: x } })).out;
    await session.close();
    expect(result.shape).toEqual(wanted?.shape);
    const data = Float64Array.from(wanted?.data as Float32Array);
    const largest = Math.max(1, ...data.map(Math.abs));
    data.forEach((value, i) => {
      expect(Math.abs((got?.[i] ?? Number.NaN) - value) / largest).toBeLessThan(3e-6);
    });
  });
});

it('tests every operator that it knows', () => {
  const tested = new Set(cases.flatMap(([, nodes]) => nodes.map(({ op }) => op)));
  expect([...rules.keys()].filter((op) => !tested.has(op))).toEqual([]);
});
