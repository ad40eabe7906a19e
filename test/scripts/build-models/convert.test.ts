import { describe, expect, it } from 'vitest';
import type { ConvertOptions } from '../../../scripts/build-models/tflite/context.ts';
import { convertTflite } from '../../../scripts/build-models/tflite/convert.ts';
import type { TfliteModel } from '../../../scripts/build-models/tflite/model.ts';
import type { Options } from '../../../scripts/build-models/tflite/operators.ts';
import { type GraphBuilder, graphBuilder } from '../../support/tflite-build.ts';
import { permuted, randomValue, relativeError, runOnnx } from '../../support/tflite-compare.ts';
import { interpretTflite, need, type Value } from '../../support/tflite-interpreter.ts';

/** Single against double precision, on small sums. */
const tolerance = 2e-6;

const random = (shape: readonly number[], seed: number): Float64Array => randomValue(shape, seed).data;

/** What both give for one picture; the batch may differ from the file's. */
async function both(
  model: TfliteModel,
  batch = 1,
  options: Partial<ConvertOptions> = {},
): Promise<{ found: Value[]; expected: Value[]; ops: string[] }> {
  const outputs = model.outputs.map((_, i) => `out${i}`);
  const inputs = model.inputs.map((_, i) => `in${i}`);
  const onnx = convertTflite(model, { inputs, outputs, ...options });
  const pictures = model.inputs.map((index, i) =>
    randomValue([batch, ...need(model.tensors[index]).shape.slice(1)], i),
  );
  const planar = options.swapped ? [0, 3, 2, 1] : [0, 3, 1, 2];
  const turn = (value: Value): Value => (value.shape.length === 4 ? permuted(value, planar) : value);
  const found = await runOnnx(onnx, pictures.map(turn));
  const expected = interpretTflite(model, pictures).map((value, i) => {
    const turned = turn(value);
    return need(found[i]).shape.length === 2 ? { ...turned, shape: turned.shape.slice(0, 2) } : turned;
  });
  return { found, expected, ops: onnx.graph.nodes.map(({ op }) => op) };
}

async function expectSame(
  model: TfliteModel,
  batch = 1,
  options: Partial<ConvertOptions> = {},
): Promise<string[]> {
  const { found, expected, ops } = await both(model, batch, options);
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(relativeError(need(found[i]), value)).toBeLessThan(tolerance);
  });
  return ops;
}

interface Sides {
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly options: Partial<Options>;
}

const out = ({ size, kernel, options }: Sides): [number, number] => {
  const [height, width] = [0, 1].map((axis) => {
    const [side, stride] = [size[axis] ?? 0, options.stride?.[axis] ?? 1];
    const reach = ((kernel[axis] ?? 1) - 1) * (options.dilation?.[axis] ?? 1) + 1;
    return Math.ceil((options.padding === 'same' ? side : side - reach + 1) / stride);
  });
  return [height ?? 0, width ?? 0];
};

function conv(sides: Sides, kind: 'CONV_2D' | 'DEPTHWISE_CONV_2D' = 'CONV_2D', multiplier = 1): TfliteModel {
  const g = graphBuilder();
  const depthwise = kind === 'DEPTHWISE_CONV_2D';
  const channels = depthwise ? 3 * multiplier : 4;
  const filter = depthwise ? [1, ...sides.kernel, channels] : [4, ...sides.kernel, 3];
  const x = g.input([1, ...sides.size, 3]);
  const weights = g.floats(filter, random(filter, 7));
  const bias = g.floats([channels], random([channels], 8));
  return g.model(g.op(kind, [x, weights, bias], [1, ...out(sides), channels], sides.options));
}

const same = (stride: readonly [number, number]): Partial<Options> => ({ padding: 'same', stride });

const shapes: readonly Sides[] = [
  { size: [5, 7], kernel: [3, 3], options: {} },
  { size: [6, 9], kernel: [3, 2], options: { stride: [2, 3] } },
  { size: [7, 8], kernel: [3, 3], options: same([2, 2]) },
  { size: [8, 7], kernel: [3, 3], options: same([2, 2]) },
  { size: [8, 9], kernel: [5, 4], options: same([3, 2]) },
  { size: [5, 6], kernel: [2, 2], options: same([1, 1]) },
  { size: [4, 4], kernel: [1, 1], options: same([2, 2]) },
  { size: [9, 10], kernel: [3, 2], options: { padding: 'same', dilation: [2, 3] } },
];

describe('convolutions and pools', () => {
  for (const sides of shapes) {
    const label = `${sides.size} by ${sides.kernel} ${JSON.stringify(sides.options)}`;
    it(`CONV_2D ${label}`, () => expectSame(conv(sides), 2));
    it(`CONV_2D ${label}, x and y swapped`, () => expectSame(conv(sides), 2, { swapped: true }));
    it(`CONV_2D ${label}, any size`, () => expectSame(conv(sides), 1, { anySize: true }));
    it(`DEPTHWISE_CONV_2D ${label}`, () => expectSame(conv(sides, 'DEPTHWISE_CONV_2D'), 2));
    it(`DEPTHWISE_CONV_2D ${label}, twice the channels`, () =>
      expectSame(conv(sides, 'DEPTHWISE_CONV_2D', 2), 1, { swapped: true }));
  }

  it.each(['MAX_POOL_2D', 'AVERAGE_POOL_2D'])('%s with padding that counts in neither', async (kind) => {
    for (const { size, kernel, options } of shapes) {
      if (options.dilation) continue;
      const g = graphBuilder();
      const shape = [1, ...out({ size, kernel, options }), 3];
      const model = g.model(g.op(kind, [g.input([1, ...size, 3])], shape, { ...options, filter: kernel }));
      await expectSame(model, 2);
      await expectSame(model, 1, { swapped: true });
      await expectSame(model, 1, { anySize: true });
    }
  });

  it.each(['relu', 'relu6', 'relu-n1-to-1', 'tanh'] as const)('a fused %s', async (activation) => {
    await expectSame(conv({ size: [4, 4], kernel: [3, 3], options: { activation } }));
  });
});

/** One operator on a map [1, 3, 4, 6]. */
function onMap(build: (g: GraphBuilder, x: number) => number): TfliteModel {
  const g = graphBuilder();
  return g.model(build(g, g.input([1, 3, 4, 6])));
}

describe('other operators on maps', () => {
  const map = [1, 3, 4, 6];
  it.each(['RELU', 'RELU6', 'NEG', 'ABS', 'EXP', 'TANH', 'LOGISTIC'])('%s', async (kind) => {
    const model = onMap((g, x) => g.op(kind, [x], map));
    await expectSame(model, 2);
  });
  it.each(['ADD', 'SUB', 'MUL', 'DIV', 'MAXIMUM', 'MINIMUM'])(
    '%s with a number a channel, and with a map',
    async (kind) => {
      for (const shape of [[6], [1, 1, 6], [], [1, 3, 4, 6]]) {
        const model = onMap((g, x) => {
          const other = g.floats(
            shape,
            random(shape, 4).map((v) => v + Math.sign(v)),
          );
          return g.op(kind, [other, g.op(kind, [x, other], map)], map, { activation: 'relu' });
        });
        await expectSame(model, 2);
        await expectSame(model, 1, { swapped: true });
      }
    },
  );
  it('PRELU, LEAKY_RELU', () =>
    expectSame(
      onMap((g, x) => {
        const leaky = g.op('LEAKY_RELU', [x], map, { alpha: 0.3 });
        return g.op('PRELU', [leaky, g.floats([1, 1, 6], random([6], 2))], map);
      }),
    ));
  it('PAD in every direction', async () => {
    const model = onMap((g, x) => g.op('PAD', [x, g.ints([0, 0, 1, 2, 3, 0, 2, 5], [4, 2])], [1, 6, 7, 13]));
    await expectSame(model, 2);
    await expectSame(model, 1, { swapped: true });
  });
  it.each([{ axis: 3 }, { axis: -1 }, { axis: 1 }, { axis: 2 }])(
    'CONCATENATION along $axis',
    async ({ axis }) => {
      const shape = map.map((side, i) => (i === (axis + 4) % 4 ? 2 * side : side));
      const model = onMap((g, x) => g.op('CONCATENATION', [x, g.op('NEG', [x], map)], shape, { axis }));
      await expectSame(model);
      await expectSame(model, 1, { swapped: true });
    },
  );
  it.each([{}, { halfPixelCentres: true }, { alignCorners: true }])('RESIZE_BILINEAR %o', async (options) => {
    for (const size of [
      [6, 8],
      [5, 7],
      [3, 4],
    ]) {
      const model = onMap((g, x) => g.op('RESIZE_BILINEAR', [x, g.ints(size)], [1, ...size, 6], options));
      await expectSame(model, 2);
      await expectSame(model, 1, { swapped: true });
    }
  });
  it('SOFTMAX, MEAN', async () => {
    await expectSame(onMap((g, x) => g.op('SOFTMAX', [x], map)));
    const mean = onMap((g, x) => g.op('MEAN', [x, g.ints([1, -2])], [1, 1, 1, 6], { keepDims: true }));
    expect(await expectSame(mean, 2)).toEqual(['GlobalAveragePool', 'Flatten']);
  });
});

describe('the order of values', () => {
  it('is kept by RESHAPE to a list, whatever the batch', async () => {
    for (const swapped of [false, true]) {
      await expectSame(
        onMap((g, x) => g.op('RESHAPE', [x], [1, 24, 3])),
        3,
        { swapped },
      );
    }
  });
  it('is kept by RESHAPE to a map and back', () =>
    expectSame(
      onMap((g, x) => {
        const list = g.op('RESHAPE', [x], [1, 72]);
        const map = g.op('RESHAPE', [list], [1, 4, 9, 2]);
        const pooled = g.op('MAX_POOL_2D', [map], [1, 2, 3, 2], { filter: [2, 3], stride: [2, 3] });
        return g.op('RESHAPE', [pooled], [1, 12]);
      }),
      2,
    ));
  it('needs no Transpose for a map of one place', async () => {
    const g = graphBuilder();
    const model = g.model(g.op('RESHAPE', [g.input([2, 1, 1, 6])], [2, 6]));
    expect(await expectSame(model, 3)).toEqual(['Reshape']);
  });
  it.each([false, true])('is put into the weights of FULLY_CONNECTED (swapped: %s)', async (swapped) => {
    const model = onMap((g, x) => {
      const first = g.op('FULLY_CONNECTED', [x, g.floats([5, 72], random([360], 1)), -1], [1, 5], {
        activation: 'relu',
      });
      const weights = g.floats([2, 5], random([10], 2));
      return g.op('FULLY_CONNECTED', [first, weights, g.floats([2], [1, -1])], [1, 2]);
    });
    expect(await expectSame(model, 3, { swapped })).not.toContain('Transpose');
  });
});

describe('what exporters took apart', () => {
  const map = [1, 3, 4, 6];
  it('PReLU as relu(x) + a·−relu(−x)', async () => {
    const model = onMap((g, x) => {
      const negative = g.op('NEG', [g.op('RELU', [g.op('NEG', [x], map)], map)], map);
      const product = g.op('MUL', [g.floats([6], random([6], 3)), negative], map);
      return g.op('ADD', [g.op('RELU', [x], map), product], map);
    });
    expect(await expectSame(model)).toEqual(['PRelu']);
  });
  it('PReLU as relu(x) + b·(x − |x|)', async () => {
    const model = onMap((g, x) => {
      const difference = g.op('SUB', [x, g.op('ABS', [x], map)], map);
      const product = g.op('MUL', [g.floats([6], random([6], 3)), difference], map);
      return g.op('ADD', [g.op('RELU', [x], map), product], map);
    });
    expect(await expectSame(model)).toEqual(['PRelu']);
  });
  it('but not a sum that only looks like it', async () => {
    const model = onMap((g, x) => {
      const other = g.op('NEG', [x], map);
      const negative = g.op('NEG', [g.op('RELU', [g.op('NEG', [other], map)], map)], map);
      const product = g.op('MUL', [g.floats([6], random([6], 3)), negative], map);
      return g.op('ADD', [g.op('RELU', [x], map), product], map);
    });
    expect(await expectSame(model)).not.toContain('PRelu');
  });
  it('softmax as exp(x − max) / sum', async () => {
    const model = onMap((g, x) => {
      const largest = g.op('REDUCE_MAX', [x, g.ints([-1], [])], [1, 3, 4, 1], { keepDims: true });
      const exp = g.op('EXP', [g.op('SUB', [x, largest], map)], map);
      const sum = g.op('SUM', [exp, g.ints([3], [])], [1, 3, 4, 1], { keepDims: true });
      return g.op('DIV', [exp, sum], map);
    });
    expect(await expectSame(model)).toEqual(['Softmax']);
  });
});

describe('what cannot be converted', () => {
  const refused = expect.objectContaining({ code: 'models/bad-source' });
  const names = { inputs: ['x'], outputs: ['y'] };
  it.each([
    ['an unknown operator', onMap((g, x) => g.op('GATHER', [x], [1, 3, 4, 6])), /GATHER/],
    ['a reshape that mixes the batch', onMap((g, x) => g.op('RESHAPE', [x], [3, 24])), /batch/],
    ['a mean over channels', onMap((g, x) => g.op('MEAN', [x, g.ints([3])], [1, 3, 4])), /MEAN/],
    ['softmax with beta', onMap((g, x) => g.op('SOFTMAX', [x], [1, 3, 4, 6], { beta: 2 })), /beta/],
  ])('is named: %s', (_, model, words) => {
    expect(() => convertTflite(model, names)).toThrow(refused);
    expect(() => convertTflite(model, names)).toThrow(words);
  });
  it('is named: other outputs than were expected', () => {
    expect(() =>
      convertTflite(
        onMap((_, x) => x),
        { inputs: ['x'], outputs: [] },
      ),
    ).toThrow(refused);
  });
});
