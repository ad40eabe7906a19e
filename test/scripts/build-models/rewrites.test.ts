import { describe, expect, it } from 'vitest';
import { modernised } from '../../../scripts/build-models/adapt.ts';
import { cheaperPrelu } from '../../../scripts/build-models/prelu.ts';
import { scaledOutput } from '../../../scripts/build-models/scale-output.ts';
import { softmaxAsSigmoid } from '../../../scripts/build-models/softmax.ts';
import { floatTensor, int, ints, intVector, node } from '../../../src/core/onnx/build.ts';
import type { OnnxGraph, OnnxModel, OnnxNode } from '../../../src/core/onnx/types.ts';
import { randomValue, relativeError, runOnnx } from '../../support/tflite-compare.ts';
import { need } from '../../support/tflite-interpreter.ts';

const tolerance = 2e-6;
const values = (shape: readonly number[], seed: number): Float32Array =>
  Float32Array.from(randomValue(shape, seed).data);

/** x [2, 3, 5, 5] → Conv → PRelu → y, with these slopes; `more` adds to the graph. */
function prelu(slopes: readonly number[], more: Partial<OnnxGraph> = {}, nodes: OnnxNode[] = []): OnnxModel {
  const graph: OnnxGraph = {
    name: 'prelu',
    nodes: [node('Conv', ['x', 'w', 'b'], ['c']), node('PRelu', ['c', 's'], ['y']), ...nodes],
    initializers: [
      floatTensor('w', [4, 3, 3, 3], values([108], 1)),
      floatTensor('b', [4], values([4], 2)),
      floatTensor('s', [4, 1, 1], Float32Array.from(slopes)),
    ],
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3, 5, 5] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['batch', 4, 3, 3] }],
    values: [],
    ...more,
  };
  return {
    irVersion: 8,
    producer: '',
    producerVersion: '',
    opsets: new Map([['', 18]]),
    metadata: new Map(),
    graph,
  };
}

const opsOf = (model: OnnxModel): string[] => model.graph.nodes.map(({ op }) => op);

async function expectSame(before: OnnxModel, after: OnnxModel): Promise<void> {
  const x = randomValue([2, 3, 5, 5], 3);
  const [expected, found] = [await runOnnx(before, [x]), await runOnnx(after, [x])];
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(relativeError(need(found[i]), value)).toBeLessThan(tolerance);
  });
}

describe('cheaperPrelu', () => {
  it('puts a factor into the convolution where slopes allow it', async () => {
    const model = prelu([0.25, -0.5, 0, 0.9]);
    expect(opsOf(cheaperPrelu(model))).toEqual(['Conv', 'Mul', 'Relu', 'Add']);
    await expectSame(model, cheaperPrelu(model));
  });
  it('keeps the convolution where a slope is steep', async () => {
    const model = prelu([0.25, 1, 3.5, 0.95]);
    expect(opsOf(cheaperPrelu(model))).toEqual(['Conv', 'Mul', 'Relu', 'Mul', 'Add']);
    await expectSame(model, cheaperPrelu(model));
  });
  it('keeps the convolution where its result or its weights are used elsewhere', async () => {
    const outputs = ['y', 'z'].map((name) => ({ name, type: 'float32', shape: null }) as const);
    const shares = [node('Neg', ['c'], ['z']), node('Conv', ['x', 'w', 'b'], ['z'])];
    for (const share of shares) {
      const model = prelu([0.1, 0.2, 0.3, 0.4], { outputs }, [share]);
      expect(opsOf(cheaperPrelu(model))).toEqual(['Conv', 'Mul', 'Relu', 'Mul', 'Add', share.op]);
      await expectSame(model, cheaperPrelu(model));
    }
  });
});

describe('softmaxAsSigmoid', () => {
  const softmaxOf = (channels: number, more: OnnxNode[] = []): OnnxModel =>
    prelu([0.1, 0.2, 0.3, 0.4], {
      nodes: [node('Conv', ['x', 'w', 'b'], ['c']), node('Softmax', ['c'], ['y'], { axis: int(1) }), ...more],
      initializers: [
        floatTensor('w', [channels, 3, 3, 3], values([27 * channels], 1)),
        floatTensor('b', [channels], values([channels], 2)),
      ],
      outputs: ['y', ...more.flatMap(({ outputs }) => outputs)].map((name) => ({
        name,
        type: 'float32',
        shape: null,
      })),
    });
  it('takes two channels', async () => {
    const model = softmaxOf(2);
    expect(opsOf(softmaxAsSigmoid(model))).toEqual(['Conv', 'Sigmoid']);
    await expectSame(model, softmaxAsSigmoid(model));
  });
  it('leaves more channels, and logits that are used elsewhere', async () => {
    const shared = [node('Neg', ['c'], ['z']), node('Conv', ['x', 'w', 'b'], ['z'])];
    for (const model of [softmaxOf(3), ...shared.map((other) => softmaxOf(2, [other]))]) {
      expect(opsOf(softmaxAsSigmoid(model))).toContain('Softmax');
      await expectSame(model, softmaxAsSigmoid(model));
    }
  });
});

describe('scaledOutput', () => {
  it('multiplies what a convolution gives', async () => {
    const nodes = [node('Conv', ['x', 'w', 'b'], ['c']), node('Flatten', ['c'], ['y'], { axis: int(1) })];
    const outputs = [{ name: 'y', type: 'float32', shape: null }] as const;
    const model = prelu([1, 1, 1, 1], { nodes, outputs });
    const x = randomValue([2, 3, 5, 5], 3);
    const [plain] = await runOnnx(model, [x]);
    const [scaled] = await runOnnx(scaledOutput(model, 'y', 1 / 192), [x]);
    const expected = { ...need(plain), data: need(plain).data.map((value) => value / 192) };
    expect(relativeError(need(scaled), expected)).toBeLessThan(tolerance);
  });
  it('refuses what something else makes', () => {
    expect(() => scaledOutput(prelu([1, 1, 1, 1]), 'y', 2)).toThrow(
      expect.objectContaining({ code: 'models/bad-source' }),
    );
  });
});

describe('modernised', () => {
  /** As PyTorch exported in 2020: operator set 9, batch 1 written into the reshape, weights among the inputs. */
  const old: OnnxModel = {
    ...prelu([0.1, 0.2, 0.3, 0.4]),
    opsets: new Map([['', 9]]),
    graph: {
      ...prelu([0.1, 0.2, 0.3, 0.4]).graph,
      nodes: [
        node('Conv', ['x', 'w', 'b'], ['c'], { kernel_shape: ints([3, 3]) }),
        node('Reshape', ['c', 'shape'], ['y']),
      ],
      initializers: [
        floatTensor('w', [4, 3, 3, 3], values([108], 1)),
        floatTensor('b', [4], values([4], 2)),
        intVector('shape', [1, -1]),
      ],
      inputs: [
        { name: 'x', type: 'float32', shape: [1, 3, 5, 5] },
        { name: 'w', type: 'float32', shape: [4, 3, 3, 3] },
      ],
      outputs: [{ name: 'y', type: 'float32', shape: [1, 36] }],
    },
  };
  it('frees the batch and renames inputs and outputs', async () => {
    const model = modernised(old, ['input'], ['embedding']);
    expect(model.graph.inputs).toEqual([{ name: 'input', type: 'float32', shape: ['batch', 3, 5, 5] }]);
    expect(model.graph.outputs).toEqual([{ name: 'embedding', type: 'float32', shape: ['batch', 36] }]);
    const pictures = [randomValue([1, 3, 5, 5], 1), randomValue([1, 3, 5, 5], 2)];
    const both = Float64Array.from(pictures.flatMap(({ data }) => [...data]));
    const [found] = await runOnnx(model, [{ shape: [2, 3, 5, 5], data: both }]);
    const single = await Promise.all(pictures.map((picture) => runOnnx(old, [picture])));
    const data = Float64Array.from(single.flatMap(([value]) => [...need(value).data]));
    expect(relativeError(need(found), { shape: [2, 36], data })).toBeLessThan(tolerance);
  });
  it('refuses operators whose meaning may have changed', () => {
    const model = { ...old, graph: { ...old.graph, nodes: [node('Softmax', ['x'], ['y'])] } };
    expect(() => modernised(model, ['x'], ['y'])).toThrow(/Softmax/);
  });
});
