import { nasolabial } from './features.ts';
import { fractal, lattice, noise } from './noise.ts';
import { bump, bump2, clamp, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';

/** Depth of the lines of age at (x, y), about 0 … 1. */
export function wrinkles(person: Person): (x: number, y: number) => number {
  const amount = person.skin.wrinkles;
  const { seed } = person;
  const habit = (k: number): number => 0.35 + 0.9 * lattice(k, 5, seed);
  const brows = habit(1);
  const crow = habit(2);
  const scowl = habit(3);
  const bags = habit(4);
  return (x, y) => {
    if (amount <= 0.02) return 0;
    const ax = Math.abs(x);
    let depth = 0.5 * nasolabial(ax, y, 1.3);
    // higher up the texture is too coarse for them
    if (y > 26 && y < 53) {
      const wave = y - 2.5 * Math.sin(x / 17 + seed) + 0.004 * x * x + 4 * fractal(x / 26, 1, seed + 41, 2);
      const line = Math.abs(((wave / 8.2 + 100) % 1) - 0.5) * 8.2;
      depth +=
        brows * bump(line, 0.75) * smoothstep(26, 32, y) * smoothstep(53, 44, y) * smoothstep(46, 26, ax);
    }
    if (ax > 42 && y > -24 && y < 22) {
      const angle = Math.atan2(y - 0.5, ax - 40);
      const reach = Math.hypot(ax - 40, y);
      const ray = Math.abs(((angle / 0.36 + 20.5) % 1) - 0.5) * 0.36 * reach;
      depth += crow * bump(ray, 0.6) * smoothstep(6, 10, reach) * smoothstep(24, 13, reach);
    }
    depth += scowl * 0.8 * bump(ax - 4.6, 0.8) * smoothstep(8, 14, y) * smoothstep(30, 20, y);
    const bag = y + 13.5 - 0.012 * (ax - 30) ** 2;
    depth += bags * 0.8 * bump(bag, 0.8) * bump(ax - 30, 12);
    depth += 0.5 * bump(ax - 27 - 0.1 * (y + 72), 1) * smoothstep(-66, -72, y) * smoothstep(-90, -80, y); // beside the chin
    if (depth < 0.02) return 0;
    return clamp(depth) * amount * (0.75 + 0.5 * noise(x * 0.3, y * 0.3, seed));
  };
}

/** Darkening by freckles and moles at (x, y), 0 … 1. */
export function spots(person: Person): (x: number, y: number) => number {
  const { freckles, moles } = person.skin;
  const { seed } = person;
  return (x, y) => {
    let dark = 0;
    for (const mole of moles) {
      const dx = x - mole.x;
      const dy = y - mole.y;
      const d = dx * dx + dy * dy;
      const r = mole.radius;
      if (d < r * r * 6) dark = Math.max(dark, mole.strength * Math.exp(-((d / (r * r)) ** 2)));
    }
    if (freckles > 0) {
      const where = bump2(Math.abs(x) - 24, y + 18, 26, 17) + 0.35 * bump2(x, y - 36, 40, 20);
      const cx = Math.floor(x / 2.6);
      const cy = Math.floor(y / 2.6);
      const chance = lattice(cx, cy, seed + 51);
      if (chance < freckles * where * 0.9) {
        const px = (cx + 0.25 + 0.5 * lattice(cx, cy, seed + 52)) * 2.6;
        const py = (cy + 0.25 + 0.5 * lattice(cx, cy, seed + 53)) * 2.6;
        const r = 0.6 + 0.7 * lattice(cx, cy, seed + 54);
        dark = Math.max(dark, 0.42 * bump2(x - px, y - py, r, r));
      }
    }
    return dark;
  };
}
