import { describe, expect, it } from 'vitest';
import { rgbImage } from '../../../src/core/base/image.ts';
import type { Preprocessing } from '../../../src/core/contract/model-card.ts';
import { inputTensor, letterbox } from '../../../src/main/models/preprocess.ts';

const base: Preprocessing = {
  width: 2,
  height: 1,
  multipleOf: 1,
  layout: 'nchw',
  colour: 'rgb',
  scale: 1,
  mean: [0],
  std: [1],
};
/** Two pixels: (10, 20, 30) and (40, 50, 60). */
const patch = {
  mips: [rgbImage(2, 1, Uint8Array.of(10, 20, 30, 40, 50, 60))],
  area: { x: 0, y: 0, width: 2, height: 1 },
};
const numbers = (input: Preprocessing, count = 1): number[] =>
  [...inputTensor(Array(count).fill(patch), input, 2, 1).data].map((v) => Math.round(v * 1e4) / 1e4);

describe('inputTensor', () => {
  it('puts channels in the order of the card', () => {
    expect(numbers(base)).toEqual([10, 40, 20, 50, 30, 60]);
    expect(numbers({ ...base, colour: 'bgr' })).toEqual([30, 60, 20, 50, 10, 40]);
    expect(numbers({ ...base, layout: 'nhwc' })).toEqual([10, 20, 30, 40, 50, 60]);
    expect(numbers({ ...base, layout: 'nhwc', colour: 'bgr' })).toEqual([30, 20, 10, 60, 50, 40]);
  });

  it('scales, then takes the mean, then divides, per channel in the card’s order', () => {
    const input = { ...base, scale: 0.5, mean: [1, 2, 3], std: [2, 4, 5] };
    expect(numbers(input)).toEqual([2, 9.5, 2, 5.75, 2.4, 5.4]);
    expect(numbers({ ...input, colour: 'bgr' })).toEqual([7, 14.5, 2, 5.75, 0.4, 3.4]);
  });

  it('makes one grey channel', () => {
    const grey = [10 * 0.299 + 20 * 0.587 + 30 * 0.114, 40 * 0.299 + 50 * 0.587 + 60 * 0.114];
    const found = numbers({ ...base, colour: 'grey', mean: [1], std: [4] });
    expect(found).toEqual(grey.map((g) => Math.round(((g - 1) / 4) * 1e4) / 1e4));
  });

  it('makes batches', () => {
    const tensor = inputTensor([patch, patch], base, 2, 1);
    expect(tensor.shape).toEqual([2, 3, 1, 2]);
    expect(tensor.data.slice(0, 6)).toEqual(tensor.data.slice(6));
    expect(inputTensor([patch], { ...base, layout: 'nhwc' }, 2, 1).shape).toEqual([1, 1, 2, 3]);
    expect(inputTensor([patch], { ...base, colour: 'grey' }, 2, 1).shape).toEqual([1, 1, 1, 2]);
  });
});

describe('letterbox', () => {
  it('fits a picture into a fixed input', () => {
    const fixed = { ...base, width: 640, height: 640 };
    expect(letterbox(rgbImage(320, 160), fixed, 1600)).toEqual({
      width: 640,
      height: 640,
      scale: 2,
      area: { x: 0, y: 0, width: 320, height: 320 },
    });
  });

  it('shrinks to the longest side allowed, with sides of the right multiple', () => {
    const free = { ...base, width: null, height: null, multipleOf: 32 };
    expect(letterbox(rgbImage(1000, 500), free, 500)).toMatchObject({ width: 512, height: 256, scale: 0.5 });
    expect(letterbox(rgbImage(96, 64), free, 500)).toMatchObject({ width: 96, height: 64, scale: 1 });
  });
});
