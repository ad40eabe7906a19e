import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { classCentres } from '../../../src/core/training/class-centres.ts';
import { classPairs } from '../../../src/core/training/class-pairs.ts';
import {
  type LabelScores,
  mergedClasses,
  plannedChanges,
  suspects,
} from '../../../src/core/training/cleaning.ts';
import { fitNoise, usualLimits } from '../../../src/core/training/label-noise.ts';
import { membersOf } from '../../../src/core/training/members.ts';

const width = 64;
const unit = (values: readonly number[]): number[] => values.map((value) => value / Math.hypot(...values));

interface Crowd {
  readonly vectors: Float32Array;
  /** Who is in each picture, and whose name it bears. */
  readonly truth: Int32Array;
  readonly labels: Int32Array;
}

/**
 * Pictures of people who look `apart` in space; each `every`th bears the name of somebody else, and each `junk`th shows
 * nobody of them (its truth is −1).
 */
function crowd(people: number, each: number, every: number, junk: number, spread = 0.12): Crowd {
  const random = seededRandom(23);
  const draw = (): number[] => Array.from({ length: width }, () => random.normal());
  const faces = Array.from({ length: people }, () => unit(draw()));
  const truth: number[] = [];
  const labels: number[] = [];
  const vectors: number[] = [];
  for (let i = 0; i < people * each; i++) {
    const who = i % people;
    const strange = i % junk === junk - 1;
    const centre = strange ? unit(draw()) : (faces[who] ?? []);
    vectors.push(...unit(centre.map((value) => value + spread * random.normal())));
    truth.push(strange ? -1 : who);
    labels.push(i % every === every - 1 ? (who + 1 + random.int(people - 1)) % people : who);
  }
  return {
    vectors: Float32Array.from(vectors),
    truth: Int32Array.from(truth),
    labels: Int32Array.from(labels),
  };
}

const dot = (a: Float32Array, i: number, b: Float32Array, j: number): number => {
  let sum = 0;
  for (let d = 0; d < width; d++) sum += (a[i * width + d] ?? 0) * (b[j * width + d] ?? 0);
  return sum;
};

/** Everything by the definition: each picture against each centre. */
function scored({ vectors, labels }: Crowd): LabelScores & { stranger: Float32Array; centres: Float32Array } {
  const classes = Math.max(...labels) + 1;
  const centres = classCentres(vectors, width, membersOf(labels), classes);
  const next = new Float32Array(labels.length).fill(Number.NaN);
  const nearest = new Int32Array(labels.length).fill(-1);
  const stranger = new Float32Array(labels.length).fill(Number.NaN);
  for (const [picture, label] of labels.entries()) {
    stranger[picture] = dot(
      vectors,
      picture,
      centres.vectors,
      (label + 1 + (picture % (classes - 1))) % classes,
    );
    for (let other = 0; other < classes; other++) {
      const similarity = dot(vectors, picture, centres.vectors, other);
      if (other === label || similarity <= (next[picture] || -2)) continue;
      next[picture] = similarity;
      nearest[picture] = other;
    }
  }
  return { labels, own: centres.own, next, nearest, stranger, centres: centres.vectors };
}

describe('centres of classes', () => {
  it('stay where most of a class is, though two of five are others', () => {
    const random = seededRandom(4);
    const face = unit(Array.from({ length: width }, () => random.normal()));
    const near = () => unit(face.map((value) => value + 0.02 * random.normal()));
    const other = unit(Array.from({ length: width }, () => random.normal()));
    const vectors = Float32Array.from([...near(), ...other, ...near(), ...other, ...near()]);
    const { vectors: centre, core, own } = classCentres(vectors, width, membersOf(new Int32Array(5)), 1);
    expect([...core]).toEqual([1, 0, 1, 0, 1]);
    expect(face.reduce((sum, value, d) => sum + value * (centre[d] ?? 0), 0)).toBeGreaterThan(0.98);
    expect([own[0], own[2], own[4]].every((value = 0) => value > 0.95)).toBe(true);
    expect(own[1]).toBeLessThan(0.5);
  });

  it('leave a picture out of what it is compared with', () => {
    const vectors = new Float32Array(3 * width);
    // two that are alike and one across from them; another class of one
    for (const [i, at] of [0, 0, 1].entries()) vectors[i * width + at] = 1;
    const both = classCentres(vectors, width, membersOf(Int32Array.of(0, 0, 1)), 3);
    expect([...both.own]).toEqual([1, 1, Number.NaN]);
    expect([...both.vectors.subarray(2 * width)].every((value) => value === 0)).toBe(true);
    const all = classCentres(vectors, width, membersOf(Int32Array.of(0, 0, 0)), 1);
    expect([...all.own]).toEqual([1, 1, 0]);
  });
});

describe('names that are wrong', () => {
  const people = crowd(20, 24, 17, 29);
  const scores = scored(people);
  const model = fitNoise({ own: scores.own, next: scores.next, stranger: scores.stranger });
  const limits = usualLimits(model);
  const found = suspects(scores, limits, model);
  const wrong = [...people.labels].flatMap((label, i) => (people.truth[i] === label ? [] : [i]));

  it('are found, given to whom they belong, or left out, by limits that the data gives', () => {
    expect(wrong.length).toBeGreaterThan(35);
    const pictures = new Set(found.map(({ picture }) => picture));
    const hits = [...wrong].filter((picture) => pictures.has(picture)).length;
    expect(hits / wrong.length).toBeGreaterThan(0.97);
    expect(hits / pictures.size).toBeGreaterThan(0.97);
    for (const { picture, action, to } of found) {
      const truth = people.truth[picture] ?? -1;
      expect([action, to]).toEqual(truth < 0 ? ['drop', null] : ['relabel', truth]);
    }
    expect(model.wrong).toBeCloseTo(wrong.length / people.labels.length, 1);
  });

  it('come with the most certain first', () => {
    const certainties = found.map(({ certainty }) => certainty);
    expect(certainties).toEqual(certainties.toSorted((a, b) => b - a));
    expect(certainties.every((value) => value > 0 && value <= 1)).toBe(true);
  });

  it('are not told of clean lists', () => {
    const clean = crowd(20, 24, 100_000, 100_000);
    const right = scored(clean);
    const fit = fitNoise({ own: right.own, next: right.next, stranger: right.stranger });
    expect(suspects(right, usualLimits(fit), fit)).toEqual([]);
    expect(fit.wrong).toBeLessThan(0.01);
  });

  it('follow the limits', () => {
    const none = { dropBelow: -1, relabelAbove: 1, margin: 0, mergeAbove: 1 };
    expect(suspects(scores, none, model)).toEqual([]);
    const dropped = suspects(scores, { ...none, dropBelow: limits.dropBelow }, model);
    expect(dropped.map(({ action }) => action)).toEqual(dropped.map(() => 'drop'));
    expect(dropped.length).toBe([...scores.own].filter((own) => own < limits.dropBelow).length);
    const all = suspects(scores, { ...none, dropBelow: 1 }, model);
    expect(all.length).toBe(people.labels.length);
  });

  it('are not judged of pictures alone, nor dropped of two that differ', () => {
    const few: LabelScores = {
      labels: Int32Array.of(0, 1, 1, 2, 2, 2),
      own: Float32Array.of(Number.NaN, -0.9, -0.9, -0.9, 0.9, 0.9),
      next: new Float32Array(6).fill(-1),
      nearest: new Int32Array(6).fill(-1),
    };
    const told = (scores: LabelScores) =>
      suspects(scores, limits, model).map(({ picture, action }) => [picture, action]);
    expect(told(few)).toEqual([[3, 'drop']]);
    // the one that goes to class 1 may be why the other is unlike what is left
    const next = Float32Array.of(-1, -1, -1, -1, 0.95, -1);
    const nearest = Int32Array.of(-1, -1, -1, -1, 1, -1);
    const own = Float32Array.of(Number.NaN, -0.9, -0.9, -0.9, -0.9, 0.9);
    expect(told({ ...few, own, next, nearest })).toEqual([[4, 'relabel']]);
  });
});

describe('names that are one', () => {
  it('are found where the pictures of both are like the other, and only there', () => {
    const people = crowd(12, 20, 100_000, 100_000);
    // every other picture of person 3 lies under a second name, 12
    const labels = people.labels.map((label, i) =>
      label === 3 && Math.floor(i / 12) % 2 === 0 ? 12 : label,
    );
    const centres = classCentres(people.vectors, width, membersOf(labels), 13);
    const k = 12;
    const classes = Int32Array.from({ length: 13 * k }, (_, i) => i % k); // all but one; themselves are passed over
    const pairs = classPairs(people.vectors, labels, centres, { k, classes }, 0.4);
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([[3, 12]]);
    expect(pairs[0]?.similarity).toBeGreaterThan(0.6);
  });

  it('go to the largest of those that hang together', () => {
    const merged = mergedClasses([5, 9, 5, 1, 2], [[0, 2], [3, 1], [2, 3]]); // biome-ignore format: pairs
    expect([...merged]).toEqual([1, 1, 1, 1, 4]);
    expect([...mergedClasses([5, 5], [[0, 1]])]).toEqual([0, 0]);
  });

  it('take along what is relabelled, and leave alone what was refused', () => {
    const scores: LabelScores = {
      labels: Int32Array.of(0, 0, 1, 2, 2),
      own: Float32Array.of(0.1, 0.9, 0.8, 0.1, 0.2),
      next: Float32Array.of(0.8, 0.1, 0.2, 0.9, 0.9),
      nearest: Int32Array.of(2, 1, 0, 1, 0),
    };
    const change = (picture: number, from: number, to: number | null) => ({
      ...{ picture, from, to, own: 0, next: 0, certainty: 0.9 },
      action: to === null ? ('drop' as const) : ('relabel' as const),
    });
    const found = [change(0, 0, 2), change(3, 2, 1), change(4, 2, null)];
    const merged = Int32Array.of(0, 0, 2); // 1 goes to 0
    const all = plannedChanges(scores, found, new Set(), merged);
    expect(all.map(({ picture, action, to }) => [picture, action, to])).toEqual([
      [0, 'relabel', 2],
      [3, 'relabel', 0],
      [4, 'drop', null],
      [2, 'merge', 0],
    ]);
    const refused = plannedChanges(scores, found, new Set([0, 4]), Int32Array.of(0, 1, 2));
    expect(refused.map(({ picture }) => picture)).toEqual([3]);
    // where both names become one, a new name is none
    const same = plannedChanges(scores, [change(2, 1, 0)], new Set(), merged);
    expect(same.map(({ picture, action }) => [picture, action])).toEqual([[2, 'merge']]);
  });
});
