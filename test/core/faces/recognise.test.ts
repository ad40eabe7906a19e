import { describe, expect, it } from 'vitest';
import { recognise, type Shape } from '../../../src/core/faces/recognise.ts';

const strided = (side: number, anchors: number, columns: readonly number[], strides = [8, 16, 32]): Shape[] =>
  columns.flatMap((column) => strides.map((s) => [1, anchors * (side / s) ** 2, column]));

describe('recognise', () => {
  const image = (side: number | null, channels = 3): Shape[] => [[1, channels, side, side]];

  it.each([
    ['yunet', image(640), strided(640, 1, [1, 1, 4, 10])],
    ['yunet', [[null, 3, null, null]], strided(640, 1, [1, 1, 4, 10]).map((s) => [null, null, s[2] ?? null])],
    ['scrfd', image(640), strided(640, 2, [1, 4, 10])],
    ['scrfd', image(640), strided(640, 2, [1, 4])],
    ['scrfd', [[1, 3, null, null]], strided(640, 2, [1, 4, 10]).map((s) => [null, s[2] ?? null])],
    ['scrfd', image(640), strided(640, 1, [1, 4, 10], [8, 16, 32, 64, 128])],
    [
      'retinaface',
      image(640),
      [
        [1, 16800, 4],
        [1, 16800, 2],
        [1, 16800, 10],
      ],
    ],
    [
      'ultraface',
      [[1, 3, 240, 320]],
      [
        [1, 4420, 2],
        [1, 4420, 4],
      ],
    ],
    [
      'ultraface',
      [[1, 3, 480, 640]],
      [
        [1, 17640, 4],
        [1, 17640, 2],
      ],
    ],
    [
      'blazeface',
      image(128),
      [
        [1, 896, 16],
        [1, 896, 1],
      ],
    ],
    [
      'blazeface',
      [[1, 256, 256, 3]],
      [
        [1, 896, 1],
        [1, 896, 16],
      ],
    ],
    [
      'blazeface',
      image(192),
      [
        [1, 2304, 16],
        [1, 2304, 1],
      ],
    ],
  ] as [string, Shape[], Shape[]][])('knows %s in any order of outputs', (layout, inputs, outputs) => {
    for (const order of [outputs, [...outputs].reverse()])
      expect(recognise(inputs, order)).toMatchObject({ task: 'detector', layout });
  });

  it('says whether a detector gives points, and how pictures go in', () => {
    expect(recognise(image(640), strided(640, 2, [1, 4]))).toMatchObject({ points: false });
    expect(
      recognise(
        [[1, 256, 256, 3]],
        [
          [1, 896, 1],
          [1, 896, 16],
        ],
      ),
    ).toMatchObject({
      points: false,
      input: { layout: 'nhwc', channels: 3, width: 256, height: 256 },
    });
  });

  it.each([
    [512, [[null, 512]]],
    [128, [[1, 128]]],
    [192, [[1, 192, 1, 1]]],
  ] as [number, Shape[]][])('knows an embedding of %i', (size, outputs) => {
    expect(recognise(image(112), outputs)).toMatchObject({ task: 'embedding', size });
  });

  it.each([
    [68, 2, [[1, 136]]],
    [
      106,
      2,
      [
        [1, 64, 28, 28],
        [1, 212],
      ],
    ],
    [
      468,
      3,
      [
        [1, 1404],
        [1, 1],
      ],
    ],
    [
      468,
      3,
      [
        [1, 1, 1, 1404],
        [1, 1, 1, 1],
      ],
    ],
    [68, 2, [[1, 68, 2]]],
  ] as [number, number, Shape[]][])('knows landmarks: %i points', (points, dimensions, outputs) => {
    expect(recognise(image(112), outputs)).toMatchObject({ task: 'landmarks', points, dimensions });
  });

  it.each([
    ['two inputs', [...image(112), ...image(112)], [[1, 512]]],
    ['no picture', [[1, 512]], [[1, 512]]],
    ['an attribute', image(64), [[1, 3]]],
    [
      'three heads',
      image(224),
      [
        [1, 66],
        [1, 66],
        [1, 66],
      ],
    ],
    [
      'anchors that do not fit the input',
      image(320),
      [
        [1, 16800, 4],
        [1, 16800, 2],
        [1, 16800, 10],
      ],
    ],
    ['a map', image(512), [[1, 64, 128, 128]]],
  ] as [string, Shape[], Shape[]][])('does not guess: %s', (_, inputs, outputs) => {
    const found = recognise(inputs, outputs);
    expect(found.task).toBeNull();
    expect(found.text.length).toBeGreaterThan(20);
  });

  it('names the parts of MTCNN for what they are', () => {
    for (const outputs of [
      [
        [null, 2, null, null],
        [null, 4, null, null],
      ],
      [
        [null, 2],
        [null, 4],
      ],
      [
        [null, 2],
        [null, 4],
        [null, 10],
      ],
    ])
      expect(recognise([[null, 3, 48, 48]], outputs).text).toContain('MTCNN');
  });
});
