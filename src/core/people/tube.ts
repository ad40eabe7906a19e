import type { Vec3 } from './vectors.ts';

/** Sides of a tube. */
const tube = 6;

/** A tube of a radius along a path; closed paths end where they begin. */
export function sweep(path: readonly Vec3[], radius: number, positions: number[], triangles: number[]): void {
  const first = positions.length / 3;
  path.forEach((p, i) => {
    const next = path[Math.min(path.length - 1, i + 1)] ?? p;
    const before = path[Math.max(0, i - 1)] ?? p;
    // two directions across the path, one of them as close to z as can be
    const [tx, ty, tz] = [next[0] - before[0], next[1] - before[1], next[2] - before[2]];
    const length = Math.hypot(tx, ty, tz) || 1;
    const across: Vec3 =
      Math.abs(tz) < 0.8 * length ? [-ty / Math.hypot(tx, ty), tx / Math.hypot(tx, ty), 0] : [1, 0, 0];
    const [ax, ay, az] = across;
    const over: Vec3 = [
      (ty * az - tz * ay) / length,
      (tz * ax - tx * az) / length,
      (tx * ay - ty * ax) / length,
    ];
    for (let k = 0; k < tube; k++) {
      const a = (2 * Math.PI * k) / tube;
      for (let c = 0; c < 3; c++)
        positions.push(
          (p[c] ?? 0) + radius * (Math.cos(a) * (across[c] ?? 0) + Math.sin(a) * (over[c] ?? 0)),
        );
    }
  });
  for (let i = 0; i + 1 < path.length; i++)
    for (let k = 0; k < tube; k++) {
      const a = first + i * tube + k;
      const b = first + i * tube + ((k + 1) % tube);
      triangles.push(a, a + tube, b, b, a + tube, b + tube);
    }
}
