import { type Canon, columnAngle } from './canon.ts';
import { clamp, mix } from './numbers.ts';
import type { Person } from './person.ts';
import { layersOf, type Texel } from './skin-paint.ts';

/** Values per texel: linear red, green, blue; shine; slope of the fine relief along x and along y. */
export const skinChannels = 6;

/** What the skin looks like, over the grid of the head. */
export interface SkinTexture {
  readonly size: number;
  /** [size, size, skinChannels] */
  readonly data: Float32Array;
}

/** Paints the skin of a person over the head's grid, `size`×`size` texels. */
export function skinTexture(person: Person, canon: Canon, size: number): SkinTexture {
  const { face, all } = layersOf(person);
  const [red, green, blue] = person.skin.colour;
  const gloss = 0.45 + 1.1 * person.skin.shine;
  const data = new Float32Array(size * size * skinChannels);
  const heights = new Float32Array(size * size);
  const places = texelPlaces(canon, size);
  const texel: Texel = { x: 0, y: 0, angle: 0, rowY: 0, red, green, blue, shine: 0, height: 0 };
  for (let i = 0; i < size * size; i++) {
    texel.x = places.x[i] ?? 0;
    texel.y = places.y[i] ?? 0;
    texel.angle = columnAngle(((i % size) / (size - 1)) * 2 - 1);
    texel.rowY = places.rowY[Math.floor(i / size)] ?? 0;
    texel.red = red;
    texel.green = green;
    texel.blue = blue;
    texel.shine = 0.5;
    texel.height = 0;
    // behind the ears the head is plain
    if (Math.abs(texel.angle) < 1.6 && texel.y < 80) for (const paint of face) paint(texel);
    for (const paint of all) paint(texel);
    const o = i * skinChannels;
    data[o] = texel.red;
    data[o + 1] = texel.green;
    data[o + 2] = texel.blue;
    data[o + 3] = clamp(texel.shine * gloss);
    heights[i] = texel.height;
  }
  addSlopes(data, heights, places, size);
  return { size, data };
}

interface TexelPlaces {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** y at the front, per row of texels. */
  readonly rowY: Float32Array;
}

/** Where each texel is on the average head. */
function texelPlaces({ columns, rows, points }: Canon, size: number): TexelPlaces {
  const x = new Float32Array(size * size);
  const y = new Float32Array(size * size);
  const rowY = new Float32Array(size);
  const middle = (columns - 1) / 2;
  for (let v = 0, i = 0; v < size; v++) {
    const row = (v / (size - 1)) * (rows - 1);
    const r = Math.min(rows - 2, Math.floor(row));
    const fr = row - r;
    const front = (r * columns + middle) * 3 + 1;
    rowY[v] = mix(points[front] ?? 0, points[front + columns * 3] ?? 0, fr);
    for (let u = 0; u < size; u++, i++) {
      const column = (u / (size - 1)) * (columns - 1);
      const c = Math.min(columns - 2, Math.floor(column));
      const fc = column - c;
      const a = (r * columns + c) * 3;
      const b = a + columns * 3;
      x[i] = mix(
        mix(points[a] ?? 0, points[a + 3] ?? 0, fc),
        mix(points[b] ?? 0, points[b + 3] ?? 0, fc),
        fr,
      );
      y[i] = mix(
        mix(points[a + 1] ?? 0, points[a + 4] ?? 0, fc),
        mix(points[b + 1] ?? 0, points[b + 4] ?? 0, fc),
        fr,
      );
    }
  }
  return { x, y, rowY };
}

/** Fills in the slopes of the fine relief. */
function addSlopes(data: Float32Array, heights: Float32Array, places: TexelPlaces, size: number): void {
  const { x, y } = places;
  for (let v = 1; v + 1 < size; v++)
    for (let u = 1; u + 1 < size; u++) {
      const i = v * size + u;
      const dx = (x[i + 1] ?? 0) - (x[i - 1] ?? 0);
      const dy = (y[i - size] ?? 0) - (y[i + size] ?? 0);
      const hx = (heights[i + 1] ?? 0) - (heights[i - 1] ?? 0);
      const hy = (heights[i - size] ?? 0) - (heights[i + size] ?? 0);
      if (Math.abs(dx) > 0.05) data[i * skinChannels + 4] = clamp(hx / dx, -0.6, 0.6);
      if (Math.abs(dy) > 0.05) data[i * skinChannels + 5] = clamp(hy / dy, -0.6, 0.6);
    }
}
