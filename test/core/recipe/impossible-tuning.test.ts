import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { parameter } from '../../../src/core/layers/net.ts';
import { flatten } from '../../../src/core/layers/shape.ts';
import { add } from '../../../src/core/ops/add.ts';
import { matmul } from '../../../src/core/ops/matmul.ts';
import { impossibleTuning } from '../../../src/core/recipe/impossible-tuning.ts';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';

/** A network of so many matrices from 32 × 32 pixels to 8 numbers, called as imported ones are. */
const matrices = (number: number): Backbone => ({
  ...{ name: 'onnx:wide', title: 'Wide', input: 32, defaults: { embedding: 8, dropout: 0 } },
  build: (net, pictures) =>
    Array.from({ length: number }, (_, i) =>
      matmul(
        flatten(pictures),
        parameter(net, `conv${i}.weight`, [3072, 8], { kind: 'given', data: new Float32Array(3072 * 8) }),
      ),
    ).reduce((sum, one) => add(sum, one)),
});

const problems = (freeze: string[], number = 3) =>
  impossibleTuning(
    recipeSchema.parse({
      data: { version: 'abcd' },
      network: { backbone: 'onnx:wide', size: 32, embedding: 8 },
      fineTune: { freeze },
    }),
    matrices(number),
  );

describe('patterns for a network’s parameters', () => {
  it('that fit nothing are told which there are, of many the first and the last', () => {
    expect(problems(['stem.*'])).toEqual([
      {
        path: 'fineTune.freeze.0',
        message: 'fits no parameter of Wide; there are conv0.*, conv1.* and conv2.*',
      },
    ]);
    expect(problems(['stem.*'], 51)[0]?.message).toMatch(
      /there are conv0\.\*, conv1\.\*, conv2\.\*, conv3\.\*, conv4\.\*, conv5\.\*, … and conv50\.\*$/,
    );
  });

  it('may leave the classes alone to learn, but not nothing', () => {
    expect(problems(['*', '!classes.*'])).toEqual([]);
    expect(problems(['*'])).toEqual([{ path: 'fineTune.freeze', message: 'leaves nothing to train' }]);
  });
});
