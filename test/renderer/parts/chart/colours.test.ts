import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chartColours, lineStyle } from '../../../../src/renderer/parts/chart/line.ts';

type Rgb = readonly [number, number, number];
const css = readFileSync(new URL('../../../../src/renderer/theme/theme.css', import.meta.url), 'utf8');

/** Light and dark value of a custom property, linear 0..1. */
function colour(name: string): readonly [light: Rgb, dark: Rgb] {
  const found = new RegExp(`--${name}: light-dark\\(#(\\w{6}), #(\\w{6})\\)`).exec(css);
  const linear = (hex = ''): Rgb => {
    const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return [r, g, b];
  };
  return [linear(found?.[1]), linear(found?.[2])];
}
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

/** What people without one kind of cone see: Viénot, Brettel and Mollon 1999, on linear colours. */
const sights: Readonly<Record<string, readonly Rgb[]>> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

/** Oklab (Ottosson 2020), in which distances are about as large as they look. */
function lab([r, g, b]: Rgb): Rgb {
  const root = (value: number): number => Math.cbrt(Math.max(0, value));
  const l = root(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = root(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = root(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
function seen(rgb: Rgb, sight: readonly Rgb[]): Rgb {
  const [r = 0, g = 0, b = 0] = sight.map((row) => row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]);
  return lab([r, g, b]);
}

const all = Array.from({ length: chartColours }, (_, i) => colour(`chart-${i + 1}`));

describe('colours of charts', () => {
  it.each(['surface', 'ground'])('stand out from the %s, in both themes', (name) => {
    const behind = colour(name);
    for (const one of all) {
      expect(contrast(one[0], behind[0])).toBeGreaterThanOrEqual(3);
      expect(contrast(one[1], behind[1])).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.keys(sights))('of neighbours are told apart by people with %s', (name) => {
    const sight = sights[name] ?? [];
    for (const theme of [0, 1] as const) {
      for (let i = 0; i + 1 < all.length; i++) {
        const [a, b] = [
          seen(all[i]?.[theme] ?? [0, 0, 0], sight),
          seen(all[i + 1]?.[theme] ?? [0, 0, 0], sight),
        ];
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(distance, `${name}, ${theme === 0 ? 'light' : 'dark'}: ${i + 1} and ${i + 2}`).toBeGreaterThan(
          0.05,
        );
      }
    }
  });

  it('come with dashes, so that no two of many lines look the same', () => {
    const styles = Array.from({ length: 40 }, (_, i) => JSON.stringify(lineStyle(i)));
    expect(new Set(styles).size).toBe(40);
    expect(lineStyle(0).dash).toEqual([]);
  });
});
