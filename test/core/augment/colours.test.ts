import { describe, expect, it } from 'vitest';
import { toGrey } from '../../../src/core/augment/grey.ts';
import { scaleHsv } from '../../../src/core/augment/hsv.ts';
import { addPcaNoise } from '../../../src/core/augment/pca-noise.ts';
import { rgbImage } from '../../../src/core/base/image.ts';
import { computed, copyOf, largestDifference, noisePicture } from '../../support/patterns.ts';

type Colour = readonly [number, number, number];

/** Hexcone model (Smith 1978) as textbooks write it, with cases; hue in turns, −½ to ½. */
function toHsv([r, g, b]: Colour): Colour {
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  if (most === least) return [0, 0, most / 255];
  const lack = (c: number): number => (most - c) / (most - least);
  const [rc, gc, bc] = [lack(r), lack(g), lack(b)];
  const sixths = r === most ? bc - gc : g === most ? 2 + rc - bc : 4 + gc - rc;
  const hue = (sixths / 6 + 1) % 1;
  return [hue > 0.5 ? hue - 1 : hue, (most - least) / most, most / 255];
}

function toRgb([hue, s, v]: Colour): Colour {
  const h = ((hue % 1) + 1) % 1;
  const i = Math.floor(h * 6);
  const f = h * 6 - i;
  const p = v * (1 - s);
  const q = v * (1 - s * f);
  const t = v * (1 - s * (1 - f));
  const cases = [
    [v, t, p],
    [q, v, p],
    [p, v, t],
    [p, q, v],
    [t, p, v],
    [v, p, q],
  ] as const;
  const [r, g, b] = cases[i % 6] ?? [0, 0, 0];
  return [r * 255, g * 255, b * 255];
}

describe('scaleHsv', () => {
  it.each([
    // by Python's colorsys, with the hue as an angle either way from red
    [
      [200, 120, 90],
      [1.2, 0.8, 1.1],
      [220, 154.88, 123.2],
    ],
    [
      [90, 60, 180],
      [0.7, 1.3, 0.9],
      [130.41, 21.6, 162],
    ],
    [
      [10, 200, 30],
      [1.4, 0.6, 0.6],
      [51.6, 120, 116.4],
    ],
    [
      [220, 60, 70],
      [1.4, 1.4, 0.8],
      [176, 0, 15.4],
    ],
    [
      [250, 250, 200],
      [0.6, 1.4, 1.4],
      [255, 226.44, 183.6],
    ],
    [
      [30, 30, 31],
      [1, 1, 1],
      [30, 30, 31],
    ],
  ])('%j by %j is %j', (colour, [hue, saturation, brightness], wanted) => {
    const image = rgbImage(1, 1, Uint8Array.from(colour));
    scaleHsv(image, { hue: hue ?? 1, saturation: saturation ?? 1, brightness: brightness ?? 1 });
    for (const [c, value] of wanted.entries()) {
      expect(Math.abs((image.data[c] ?? -1) - value)).toBeLessThanOrEqual(0.5);
    }
  });

  it.each([
    [0.6, 0.6, 0.6],
    [1.4, 1.4, 1.4],
    [1.4, 0.6, 1],
    [0, 1, 1],
    [2, 2, 2],
    [1, 0, 1],
    [1, 1, 0],
  ])(
    'by %f, %f, %f is what a conversion there and back gives, for any colour',
    (hue, saturation, brightness) => {
      const image = noisePicture(40);
      const wanted = computed(40, 40, (x, y, c) => {
        const at = (y * 40 + x) * 3;
        const [h, s, v] = toHsv([image.data[at] ?? 0, image.data[at + 1] ?? 0, image.data[at + 2] ?? 0]);
        return toRgb([h * hue, Math.min(1, s * saturation), Math.min(1, v * brightness)])[c] ?? 0;
      });
      const out = copyOf(image);
      scaleHsv(out, { hue, saturation, brightness });
      expect(largestDifference(out, wanted)).toBeLessThanOrEqual(0.5 + 1e-9);
    },
  );

  it('keeps skin together whose hue lies on both sides of red', () => {
    const image = rgbImage(2, 1, Uint8Array.from([200, 100, 102, 200, 102, 100]));
    scaleHsv(image, { hue: 1.4, saturation: 1, brightness: 1 });
    expect([...image.data]).toEqual([200, 100, 103, 200, 103, 100]);
  });

  it('with factors of 1 changes nothing', () => {
    const image = noisePicture(30);
    const out = copyOf(image);
    scaleHsv(out, { hue: 1, saturation: 1, brightness: 1 });
    expect(out.data).toEqual(image.data);
  });
});

describe('addPcaNoise', () => {
  it('adds α·λ·p of every component to all pixels alike', () => {
    const image = rgbImage(2, 1, Uint8Array.from([100, 110, 120, 0, 250, 128]));
    const first = copyOf(image);
    addPcaNoise(first, [0.4, 0, 0]); // 0.4 · 0.2175 · 255 = 22.185 times −0.5675, −0.5808, −0.5836
    expect([...first.data]).toEqual([87, 97, 107, 0, 237, 115]);
    const second = copyOf(image);
    addPcaNoise(second, [0, -2, 3]); // −9.588 · (0.7192, −0.0045, −0.6948) + 3.4425 · (0.4009, −0.814, 0.4203)
    expect([...second.data]).toEqual([94, 107, 128, 0, 247, 136]);
  });

  it('with none changes nothing', () => {
    const image = noisePicture(20);
    const out = copyOf(image);
    addPcaNoise(out, [0, 0, 0]);
    expect(out.data).toEqual(image.data);
  });
});

describe('toGrey', () => {
  it('has 0.299 of red, 0.587 of green, 0.114 of blue', () => {
    const image = noisePicture(40);
    const out = copyOf(image);
    toGrey(out);
    const wanted = computed(40, 40, (x, y) => {
      const at = (y * 40 + x) * 3;
      const [r, g, b] = [image.data[at] ?? 0, image.data[at + 1] ?? 0, image.data[at + 2] ?? 0];
      return 0.299 * r + 0.587 * g + 0.114 * b;
    });
    expect(largestDifference(out, wanted)).toBeLessThan(0.51);
    const again = copyOf(out);
    toGrey(again);
    expect(again.data).toEqual(out.data);
  });
});
