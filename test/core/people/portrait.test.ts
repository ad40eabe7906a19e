import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/core/base/image.ts';
import { template112 } from '../../../src/core/faces/template.ts';
import { sculpt } from '../../../src/core/people/figure.ts';
import { type Person, person } from '../../../src/core/people/person.ts';
import { photograph, renderCrop, renderPortrait } from '../../../src/core/people/portrait.ts';
import { type Shot, shot, usualLimits } from '../../../src/core/people/shot.ts';

const still = { yaw: 0, pitch: 0, roll: 0, expression: 0, difficulty: 0, occlusion: 0 };

/** FNV-1a of the bytes. */
function hash({ data }: RgbImage): number {
  let h = 0x811c9dc5;
  for (const byte of data) h = Math.imul(h ^ byte, 0x01000193) >>> 0;
  return h;
}

function difference(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? 0)), 0) / a.data.length;
}

/** True where (x, y) lies in the polygon. */
function within(x: number, y: number, polygon: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  polygon.forEach(([ax, ay], i) => {
    const [bx, by] = polygon.at(i - 1) ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** Green pixels within an outline from which no way over green pixels leads to the picture's border. */
function enclosedGreen(
  { width, height, data }: RgbImage,
  outline: readonly (readonly [number, number])[],
): number {
  const green = Array.from({ length: width * height }, (_, i) => {
    const [r = 0, g = 0, b = 0] = data.subarray(i * 3, i * 3 + 3);
    return g > 1.5 * Math.max(r, b) + 10;
  });
  const todo: number[] = [];
  for (let i = 0; i < green.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) todo.push(i);
  }
  for (let i = todo.pop(); i !== undefined; i = todo.pop()) {
    if (!green[i]) continue;
    green[i] = false;
    todo.push(i - 1, i + 1, i - width, i + width);
  }
  return green.filter((is, i) => is && within(i % width, Math.floor(i / width), outline)).length;
}

/** A person whose two halves are alike. */
function symmetric(seed: number): Person {
  const who = person(seed);
  return { ...who, shape: { ...who.shape, skewNose: 0, skewMouth: 0, skewEyes: 0, skewBrows: 0 } };
}

function posed(seed: number, yaw: number, pitch: number, roll: number): Shot {
  const base = shot(seed, still);
  return { ...base, pose: { yaw, pitch, roll }, frame: { x: 0.5, y: 0.5, size: 0.5 } };
}

describe('determinism', () => {
  it('the same seeds give the same bytes and the same truth', () => {
    const one = renderPortrait(person(11), shot(5), 96, 96);
    const two = renderPortrait(person(11), shot(5), 96, 96);
    expect(hash(one.image)).toBe(hash(two.image));
    expect(one.truth).toEqual(two.truth);
  });

  it('another shot gives another picture of the same identity, another person another identity', () => {
    const figure = sculpt(person(11), 'small');
    const one = renderCrop(figure, shot(5), 64);
    const two = renderCrop(figure, shot(6), 64);
    const other = renderCrop(sculpt(person(12), 'small'), shot(5), 64);
    expect(two.truth.identity).toBe(one.truth.identity);
    expect(other.truth.identity).not.toBe(one.truth.identity);
    expect(difference(one.image, two.image)).toBeGreaterThan(5);
    expect(difference(one.image, other.image)).toBeGreaterThan(5);
  });

  it('what varies in a shot leaves the person as they are', () => {
    // the same pose in other light and clothes: the same landmarks
    const figure = sculpt(person(11), 'small');
    const a = renderCrop(figure, posed(5, 10, 5, 0), 64);
    const b = renderCrop(
      figure,
      { ...posed(9, 10, 5, 0), lens: posed(5, 0, 0, 0).lens, expression: posed(5, 0, 0, 0).expression },
      64,
    );
    expect(b.truth.landmarks).toEqual(a.truth.landmarks);
    expect(hash(b.image)).not.toBe(hash(a.image));
  });
});

describe('truth', () => {
  const frontal = renderPortrait(symmetric(21), posed(1, 0, 0, 0), 128, 128).truth;
  const at = (i: number): readonly [number, number] => [
    frontal.landmarks[2 * i] ?? 0,
    frontal.landmarks[2 * i + 1] ?? 0,
  ];

  it('has 68 landmarks and five points, all of them in the box', () => {
    expect(frontal.landmarks).toHaveLength(136);
    expect(frontal.points).toHaveLength(10);
    const { x, y, width, height } = frontal.box;
    const places = [...frontal.landmarks, ...frontal.points];
    for (let i = 0; i < places.length; i += 2) {
      // the outline itself may touch the box's border
      expect(places[i]).toBeGreaterThanOrEqual(x - 1);
      expect(places[i]).toBeLessThanOrEqual(x + width + 1);
      expect(places[i + 1]).toBeGreaterThanOrEqual(y - 1);
      expect(places[i + 1]).toBeLessThanOrEqual(y + height + 1);
    }
  });

  it('is its own mirror image at no yaw', () => {
    const mirrored = [
      [0, 16],
      [4, 12],
      [8, 8],
      [17, 26],
      [19, 24],
      [21, 22],
      [27, 27],
      [30, 30],
      [31, 35],
      [36, 45],
      [37, 44],
      [39, 42],
      [41, 46],
      [48, 54],
      [50, 52],
      [57, 57],
      [60, 64],
      [61, 63],
      [67, 65],
    ] as const;
    for (const [left, right] of mirrored) {
      const [lx, ly] = at(left);
      const [rx, ry] = at(right);
      expect(lx + rx, `x of ${left} and ${right}`).toBeCloseTo(128, 1);
      expect(ly, `y of ${left} and ${right}`).toBeCloseTo(ry, 1);
    }
  });

  it('has its places in the order of iBUG', () => {
    const x = (i: number): number => at(i)[0];
    const y = (i: number): number => at(i)[1];
    for (let i = 0; i < 8; i++) expect(y(i + 1), `outline ${i}`).toBeGreaterThan(y(i));
    for (let i = 8; i < 16; i++) expect(y(i + 1), `outline ${i}`).toBeLessThan(y(i));
    for (let i = 2; i < 14; i++) expect(x(i + 1), `outline ${i}`).toBeGreaterThan(x(i));
    for (let i = 17; i < 26; i++) expect(x(i + 1), `brows ${i}`).toBeGreaterThan(x(i));
    for (let i = 27; i < 30; i++) expect(y(i + 1), `ridge ${i}`).toBeGreaterThan(y(i));
    for (let i = 31; i < 35; i++) expect(x(i + 1), `nostrils ${i}`).toBeGreaterThan(x(i));
    for (const [a, b] of [
      [36, 37],
      [37, 38],
      [38, 39],
      [42, 43],
      [44, 45],
      [48, 49],
      [53, 54],
      [60, 61],
    ] as const)
      expect(x(b), `${a} before ${b}`).toBeGreaterThan(x(a));
    for (const [upper, lower] of [
      [37, 41],
      [38, 40],
      [43, 47],
      [44, 46],
      [51, 62],
      [66, 57],
      [57, 8],
      [19, 37],
      [30, 33],
      [33, 51],
    ] as const)
      expect(y(lower), `${upper} above ${lower}`).toBeGreaterThan(y(upper));
    expect(y(62)).toBeCloseTo(y(66), 3); // a closed mouth
  });

  it('has the middles of the eyes, the tip of the nose and the mouth as its five points', () => {
    const eye = [36, 37, 38, 39, 40, 41].map(at);
    expect(frontal.points[0]).toBeCloseTo(eye.reduce((sum, [x]) => sum + x, 0) / 6, 0);
    expect(frontal.points.slice(4, 6)).toEqual(at(30));
    expect(frontal.points.slice(6, 10)).toEqual([...at(48), ...at(54)]);
  });

  it('follows the pose: turning to the right moves the nose to the right of the eyes, nodding moves it down', () => {
    const figure = sculpt(symmetric(21), 'small');
    const nose = (yaw: number, pitch: number): readonly [number, number] => {
      const { points } = renderCrop(figure, posed(1, yaw, pitch, 0), 32).truth;
      const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = points;
      const size = c - a;
      return [(x - (a + c) / 2) / size, (y - (b + d) / 2) / size];
    };
    expect(nose(30, 0)[0]).toBeGreaterThan(0.2);
    expect(nose(-30, 0)[0]).toBeLessThan(-0.2);
    expect(nose(0, 20)[1]).toBeGreaterThan(nose(0, 0)[1] + 0.1);
    expect(nose(0, -20)[1]).toBeLessThan(nose(0, 0)[1] - 0.1);
  });

  it('rolls clockwise with a positive roll', () => {
    const { points } = renderPortrait(symmetric(21), posed(1, 0, 0, 20), 64, 64).truth;
    const [a = 0, b = 0, c = 0, d = 0] = points;
    expect((Math.atan2(d - b, c - a) * 180) / Math.PI).toBeCloseTo(20, 0);
  });

  it('opens the mouth and closes the eyes as the expression says', () => {
    const base = posed(1, 0, 0, 0);
    const open: Shot = {
      ...base,
      expression: { ...base.expression, modes: { ...base.expression.modes, open: 1 }, eyes: 0.1 },
    };
    const figure = sculpt(symmetric(21), 'small');
    const gap = (of: Shot, upper: number, lower: number): number => {
      const { landmarks } = renderCrop(figure, of, 112).truth;
      return (landmarks[2 * lower + 1] ?? 0) - (landmarks[2 * upper + 1] ?? 0);
    };
    expect(gap(open, 62, 66)).toBeGreaterThan(5);
    expect(gap(open, 37, 41)).toBeLessThan(gap(base, 37, 41) * 0.5);
  });
});

describe('crops', () => {
  it('have their five points on the template, as near as a similarity can bring them', () => {
    const { truth, image } = renderCrop(sculpt(person(4), 'small'), posed(2, 0, 0, 15));
    expect([image.width, image.height]).toEqual([112, 112]);
    template112.forEach((value, i) => {
      expect(Math.abs((truth.points[i] ?? 0) - value)).toBeLessThan(7);
    });
    const level = (truth.points[3] ?? 0) - (truth.points[1] ?? 0);
    expect(Math.abs(level)).toBeLessThan(2);
  });
});

describe('pictures', () => {
  it('show a whole face in every pose: what is behind it shows nowhere but around it', () => {
    const who = { ...person(31), glasses: null, hair: { ...person(31).hair, cut: 'bald' as const } };
    const figure = sculpt(who, 'small');
    // on green that no face has, a hole would show it
    const green: Shot['backdrop'] = { kind: 'studio', seed: 1, colour: [0, 4, 0], second: [0, 4, 0] };
    for (const yaw of [-45, 0, 45])
      for (const pitch of [-25, 0, 25])
        for (const roll of [-25, 25]) {
          const { image, truth } = photograph(
            figure,
            { ...posed(1, yaw, pitch, roll), backdrop: green },
            96,
            96,
          );
          // jaw and brows; the gap between an ear and the neck is none of the face's holes
          const outline = [...Array.from({ length: 17 }, (_, i) => i), 26, 24, 19, 17].map(
            (i) => [truth.landmarks[2 * i] ?? 0, truth.landmarks[2 * i + 1] ?? 0] as const,
          );
          expect(enclosedGreen(image, outline), `yaw ${yaw}, pitch ${pitch}, roll ${roll}`).toBe(0);
        }
  });

  it('are neither black nor burnt out', () => {
    for (let seed = 0; seed < 8; seed++) {
      const { image } = renderCrop(
        sculpt(person(seed), 'small'),
        shot(seed, { ...usualLimits, occlusion: 0 }),
        56,
      );
      const mean = image.data.reduce((sum, value) => sum + value, 0) / image.data.length;
      expect(mean).toBeGreaterThan(20);
      expect(mean).toBeLessThan(225);
    }
  });
});
