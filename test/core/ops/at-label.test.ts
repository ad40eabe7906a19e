import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { constant, input } from '../../../src/core/graph/builder.ts';
import { addAtLabel, takeAtLabel } from '../../../src/core/ops/at-label.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

const [x, y, labels] = [input('x', [3, 4]), input('y', [3, 1]), input('labels', [3], 'int32')];
const feeds = { x: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], y: [0.5, -1, 2], labels: [2, 0, 3] };
const weights = [3, -1, 4, 1, -5, 9, 2, -6, 5, 3, -5, 8];

describe('what is at the labels', () => {
  const results = [takeAtLabel(x, labels), addAtLabel(x, labels, y)];
  const wanted = [
    [3, 5, 12],
    [1, 2, 3.5, 4, 4, 6, 7, 8, 9, 10, 11, 14],
  ];

  it('is taken and added as defined, in onnxruntime too', async () => {
    expect(interpret(results, feeds).map(({ data }) => [...data])).toEqual(wanted);
    expect((await runInOnnxruntime(results, feeds)).map((data) => [...data])).toEqual(wanted);
  });

  it('has the derivatives that the definitions have', async () => {
    const taken = reduceSum(multiply(takeAtLabel(x, labels), constant([2, -3, 4], [3, 1])));
    const added = reduceSum(multiply(addAtLabel(x, labels, y), constant(weights, [3, 4])));
    const gradients = [...differentiate(taken, [x]), ...differentiate(added, [x, y])];
    const derivatives = [[0, 0, 2, 0, -3, 0, 0, 0, 0, 0, 0, 4], weights, [4, -5, 8]];
    expect(interpret(gradients, feeds).map(({ data }) => [...data])).toEqual(derivatives);
    expect((await runInOnnxruntime(gradients, feeds)).map((data) => [...data])).toEqual(derivatives);
  });

  it('is of whole labels, one a row', () => {
    expect(() => takeAtLabel(x, input('few', [2], 'int32'))).toThrow('assertion');
    expect(() => addAtLabel(x, labels, input('z', [3, 2]))).toThrow('assertion');
  });
});
