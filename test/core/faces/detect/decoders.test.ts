import { describe, expect, it } from 'vitest';
import { decodeBlazeface } from '../../../../src/core/faces/detect/blazeface.ts';
import { decodeRetinaface } from '../../../../src/core/faces/detect/retinaface.ts';
import { decodeScrfd } from '../../../../src/core/faces/detect/scrfd.ts';
import type { RawTensor } from '../../../../src/core/faces/detect/tensor.ts';
import { decodeUltraface } from '../../../../src/core/faces/detect/ultraface.ts';
import { decodeYunet } from '../../../../src/core/faces/detect/yunet.ts';
import { closest, faces, input, middle, reversed, zeros } from './encode.ts';

/** A level of the maps for each face: the bigger the face, the coarser. */
const level = (index: number): number => [1, 2, 0][index] ?? 0;
const logit = (p: number): number => Math.log(p / (1 - p));
const put = (tensor: { data: Float32Array }, row: number, values: readonly number[]): void =>
  tensor.data.set(values, row * values.length);

describe('YuNet', () => {
  /** The inverse of the published decoding: which numbers give these faces. */
  function encode(logits: boolean): RawTensor[] {
    const levels = [8, 16, 32].map((s) => {
      const cells = (320 / s) ** 2;
      const empty = logits ? -9 : 0;
      const score = { ...zeros(1, cells, 1) };
      score.data.fill(empty);
      return {
        s,
        cls: score,
        obj: { ...score, data: score.data.slice() },
        box: zeros(1, cells, 4),
        kps: zeros(1, cells, 10),
      };
    });
    for (const [i, face] of faces.entries()) {
      const { s, cls, obj, box, kps } = levels[level(i)] as (typeof levels)[number];
      const [x, y] = middle(face);
      const column = Math.floor(x / s);
      const row = Math.floor(y / s);
      const cell = row * (320 / s) + column;
      // √(class·objectness) is the score: two unlike factors
      const [p, q] = [face.score ** 2 / 0.99, 0.99];
      cls.data[cell] = logits ? logit(p) : p;
      obj.data[cell] = logits ? logit(q) : q;
      put(box, cell, [
        x / s - column,
        y / s - row,
        Math.log(face.box.width / s),
        Math.log(face.box.height / s),
      ]);
      put(
        kps,
        cell,
        (face.points ?? []).map((v, k) => v / s - (k % 2 === 0 ? column : row)),
      );
    }
    return [
      ...levels.map((l) => l.cls),
      ...levels.map((l) => l.obj),
      ...levels.map((l) => l.box),
      ...levels.map((l) => l.kps),
    ];
  }

  it.each([false, true])('decodes what was encoded (logits: %s), in any order of outputs', (logits) => {
    expect(closest(decodeYunet(encode(logits), input, 0.5))).toEqual([]);
    expect(closest(decodeYunet(reversed(encode(logits)), input, 0.5))).toEqual([]);
  });

  it('leaves out what is below the threshold', () => {
    expect(decodeYunet(encode(false), input, 0.85)).toHaveLength(1);
  });
});

describe('SCRFD', () => {
  function encode(points: boolean, logits: boolean): RawTensor[] {
    const levels = [8, 16, 32].map((s) => {
      const rows = 2 * (320 / s) ** 2;
      const score = zeros(rows, 1);
      score.data.fill(logits ? -9 : 0);
      return { s, score, box: zeros(rows, 4), kps: zeros(rows, 10) };
    });
    for (const [i, face] of faces.entries()) {
      const { s, score, box, kps } = levels[level(i)] as (typeof levels)[number];
      const [x, y] = middle(face).map((v) => Math.floor(v / s) * s) as [number, number];
      const row = 2 * ((y / s) * (320 / s) + x / s) + (i % 2); // either anchor of the cell
      score.data[row] = logits ? logit(face.score) : face.score;
      const { x: left, y: top, width, height } = face.box;
      put(
        box,
        row,
        [x - left, y - top, left + width - x, top + height - y].map((v) => v / s),
      );
      put(
        kps,
        row,
        (face.points ?? []).map((v, k) => (v - (k % 2 === 0 ? x : y)) / s),
      );
    }
    return [
      ...levels.map((l) => l.score),
      ...levels.map((l) => l.box),
      ...(points ? levels.map((l) => l.kps) : []),
    ];
  }

  it.each([
    [true, false],
    [true, true],
    [false, false],
  ])('decodes what was encoded (points: %s, logits: %s)', (points, logits) => {
    const found = decodeScrfd(encode(points, logits), input, 0.5);
    expect(closest(found)).toEqual([]);
    expect(found.every((face) => (face.points !== null) === points)).toBe(true);
    expect(closest(decodeScrfd(reversed(encode(points, logits)), input, 0.5))).toEqual([]);
  });
});

/** Anchors in the order of SSD's maps, written out by loops of their own. */
function anchors(
  levels: readonly (readonly [number, readonly number[]])[],
): { x: number; y: number; side: number }[] {
  const out: { x: number; y: number; side: number }[] = [];
  for (const [s, sides] of levels)
    for (let y = s / 2; y < 320; y += s)
      for (let x = s / 2; x < 320; x += s) for (const side of sides) out.push({ x, y, side });
  return out;
}

/** The anchor nearest to each face in place and size. */
const nearest = (all: ReturnType<typeof anchors>, face: (typeof faces)[number]): number => {
  const [x, y] = middle(face);
  const cost = (a: (typeof all)[number]): number =>
    Math.abs(a.x - x) + Math.abs(a.y - y) + 30 * Math.abs(Math.log(a.side / face.box.width));
  return all.reduce((best, a, i) => (cost(a) < cost(all[best] as (typeof all)[number]) ? i : best), 0);
};

function encodeSsd(all: ReturnType<typeof anchors>, softmax: boolean): RawTensor[] {
  const [box, scores, points] = [zeros(1, all.length, 4), zeros(1, all.length, 2), zeros(1, all.length, 10)];
  for (let i = 0; i < all.length; i++) put(scores, i, softmax ? [1, 0] : [5, -5]);
  for (const face of faces) {
    const row = nearest(all, face);
    const { x, y, side } = all[row] as (typeof all)[number];
    const [mx, my] = middle(face);
    put(box, row, [
      (mx - x) / side / 0.1,
      (my - y) / side / 0.1,
      Math.log(face.box.width / side) / 0.2,
      Math.log(face.box.height / side) / 0.2,
    ]);
    put(scores, row, softmax ? [1 - face.score, face.score] : [3, 3 + logit(face.score)]);
    put(
      points,
      row,
      (face.points ?? []).map((v, k) => (v - (k % 2 === 0 ? x : y)) / side / 0.1),
    );
  }
  return [box, scores, points];
}

describe('RetinaFace', () => {
  const all = anchors([
    [8, [16, 32]],
    [16, [64, 128]],
    [32, [256, 512]],
  ]);
  it.each([true, false])('decodes what was encoded (softmax inside: %s)', (softmax) => {
    expect(closest(decodeRetinaface(encodeSsd(all, softmax), input, 0.5))).toEqual([]);
    expect(closest(decodeRetinaface(reversed(encodeSsd(all, softmax)), input, 0.5))).toEqual([]);
  });
});

describe('UltraFace', () => {
  const all = anchors([
    [8, [10, 16, 24]],
    [16, [32, 48]],
    [32, [64, 96]],
    [64, [128, 192, 256]],
  ]);
  it('decodes offsets', () => {
    const [box, scores] = encodeSsd(all, true);
    expect(closest(decodeUltraface([box, scores] as RawTensor[], input, 0.5))).toEqual([]);
  });

  it('takes boxes that the network has already decoded', () => {
    const [, scores] = encodeSsd(all, true);
    const box = zeros(1, all.length, 4);
    for (const [i, a] of all.entries())
      put(
        box,
        i,
        [a.x - a.side / 2, a.y - a.side / 2, a.x + a.side / 2, a.y + a.side / 2].map((v) => v / 320),
      );
    for (const face of faces) {
      const { x, y, width, height } = face.box;
      put(
        box,
        nearest(all, face),
        [x, y, x + width, y + height].map((v) => v / 320),
      );
    }
    expect(closest(decodeUltraface([scores, box] as RawTensor[], input, 0.5))).toEqual([]);
  });
});

describe('BlazeFace', () => {
  it.each([
    ['short range', 8, [2, 6]],
    ['full range', 4, [1]],
  ] as [string, number, number[]][])('decodes what was encoded (%s)', (_, stride, counts) => {
    const all = anchors(counts.map((count, i) => [stride << i, Array<number>(count).fill(60)] as const));
    const [box, scores] = [zeros(1, all.length, 16), zeros(1, all.length, 1)];
    scores.data.fill(-12);
    for (const face of faces) {
      const row = nearest(all, face);
      const { x, y } = all[row] as (typeof all)[number];
      const [mx, my] = middle(face);
      box.data.set([mx - x, my - y, face.box.width, face.box.height], row * 16);
      scores.data[row] = logit(face.score);
    }
    const found = decodeBlazeface([box, scores], input, 0.5);
    expect(closest(found)).toEqual([]);
    expect(found[0]?.points).toBeNull();
  });
});
