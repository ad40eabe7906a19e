import { type Arena, heap } from './arena.ts';
import { rasterizeDepth } from './raster.ts';
import { cross, normalize, type Vec3 } from './vectors.ts';

/** Directions that stand for the whole sphere of surroundings. */
export const skyCount = 20;

/** Evenly spread unit vectors (the Fibonacci lattice). */
export function skyDirections(): readonly Vec3[] {
  return Array.from({ length: skyCount }, (_, i) => {
    const y = 1 - (2 * (i + 0.5)) / skyCount;
    const r = Math.sqrt(1 - y * y);
    const turn = Math.PI * (3 - Math.sqrt(5)) * (i + 0.37);
    return [Math.cos(turn) * r, y, Math.sin(turn) * r] as const;
  });
}

/** Points and normals to be lit, or triangles that cast shadow. */
export interface Lit {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
}
export interface Caster {
  readonly positions: Float32Array;
  readonly triangles: Uint32Array;
  /** True of surfaces whose inside no light reaches. */
  readonly closed: boolean;
}

/** A picture of what lies nearest to a far light: a map of depths along its direction. */
export interface ShadowMap {
  /** 0 in full shadow … 1, for a point, softened over `blur` texels (0: one texel decides); `bias` in millimetres. */
  lit(x: number, y: number, z: number, bias: number, blur: number): number;
}

const centre: Vec3 = [0, -25, -5];
const reach = 165; // millimetres around the centre
const lowest = 2000;

export function shadowMap(
  casters: readonly Caster[],
  towards: Vec3,
  size: number,
  memory: Arena = heap,
): ShadowMap {
  const right = normalize(Math.abs(towards[1]) < 0.9 ? cross([0, 1, 0], towards) : cross([1, 0, 0], towards));
  const up = cross(towards, right);
  const depth = memory.floats(size * size);
  const scale = size / (2 * reach);
  const middle = (size - 1) / 2;
  const [rx, ry, rz] = right;
  const [ux, uy, uz] = up;
  const [tx, ty, tz] = towards;
  const [cx, cy, cz] = centre;
  for (const { positions, triangles, closed } of casters) {
    const screen = memory.floats(positions.length);
    for (let i = 0; i < positions.length; i += 3) {
      const x = (positions[i] ?? 0) - cx;
      const y = (positions[i + 1] ?? 0) - cy;
      const z = (positions[i + 2] ?? 0) - cz;
      screen[i] = (x * rx + y * ry + z * rz) * scale + middle;
      screen[i + 1] = (x * ux + y * uy + z * uz) * scale + middle;
      screen[i + 2] = x * tx + y * ty + z * tz + lowest;
    }
    rasterizeDepth(depth, size, size, screen, triangles, closed);
  }
  const texel = (u: number, v: number, z: number): number => {
    if (u < 0 || v < 0 || u >= size || v >= size) return 1;
    const behind = (depth[v * size + u] ?? 0) - z;
    return behind <= 0 ? 1 : behind >= 3 ? 0 : 1 - behind / 3;
  };
  const bilinear = (u: number, v: number, z: number): number => {
    const ui = Math.floor(u);
    const vi = Math.floor(v);
    const fu = u - ui;
    const fv = v - vi;
    const top = texel(ui, vi, z) * (1 - fu) + texel(ui + 1, vi, z) * fu;
    return top + (texel(ui, vi + 1, z) * (1 - fu) + texel(ui + 1, vi + 1, z) * fu - top) * fv;
  };
  return {
    lit(px, py, pz, bias, blur) {
      const x = px - cx;
      const y = py - cy;
      const z = pz - cz;
      const u = (x * rx + y * ry + z * rz) * scale + middle;
      const v = (x * ux + y * uy + z * uz) * scale + middle;
      const d = x * tx + y * ty + z * tz + lowest + bias;
      if (blur <= 0) return texel(Math.round(u), Math.round(v), d);
      return (
        (bilinear(u, v, d) +
          bilinear(u - blur, v - 0.6 * blur, d) +
          bilinear(u + blur, v - 0.6 * blur, d) +
          bilinear(u, v + blur, d)) /
        4
      );
    },
  };
}

/**
 * How much light from each sky direction a matt surface at each vertex sends back, shadows of the casters included:
 * weights that sum to 1 in the open. One list per `lit`. [count, skyCount]
 */
export function exposures(lit: readonly Lit[], casters: readonly Caster[]): readonly Float32Array[] {
  const out = lit.map(({ positions }) => new Float32Array((positions.length / 3) * skyCount));
  skyDirections().forEach((direction, k) => {
    const map = shadowMap(casters, direction, 64);
    const [dx, dy, dz] = direction;
    lit.forEach(({ positions, normals }, part) => {
      const weights = out[part];
      if (!weights) return;
      for (let i = 0, v = 0; i < positions.length; i += 3, v++) {
        const nx = normals[i] ?? 0;
        const ny = normals[i + 1] ?? 0;
        const nz = normals[i + 2] ?? 0;
        const facing = nx * dx + ny * dy + nz * dz;
        if (facing <= 0) continue;
        // start a little outside the surface, so that it doesn't shade itself
        const x = (positions[i] ?? 0) + nx * 2.5;
        const y = (positions[i + 1] ?? 0) + ny * 2.5;
        const z = (positions[i + 2] ?? 0) + nz * 2.5;
        weights[v * skyCount + k] = (facing * map.lit(x, y, z, 2.5, 0) * 4) / skyCount;
      }
    });
  });
  return out;
}

/** Averages the weights of each vertex of a grid with its neighbours', `passes` times: rays are few. */
export function smoothGrid(weights: Float32Array, columns: number, rows: number, passes: number): void {
  const width = columns * skyCount;
  const step = (from: Float32Array, to: Float32Array): void => {
    for (let r = 0; r < rows; r++) {
      const up = (r > 0 ? -1 : 0) * width;
      const down = (r < rows - 1 ? 1 : 0) * width;
      for (let c = 0; c < columns; c++) {
        const left = (c > 0 ? -1 : 0) * skyCount;
        const right = (c < columns - 1 ? 1 : 0) * skyCount;
        const i = r * width + c * skyCount;
        for (let k = i; k < i + skyCount; k++)
          to[k] =
            (from[k] ?? 0) * 0.4 +
            ((from[k + up] ?? 0) + (from[k + down] ?? 0) + (from[k + left] ?? 0) + (from[k + right] ?? 0)) *
              0.15;
      }
    }
  };
  const other = new Float32Array(weights.length);
  for (let p = 0; p < passes; p++) {
    step(weights, other);
    weights.set(other);
  }
}
