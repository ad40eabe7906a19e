import { type Arena, heap } from './arena.ts';
import { shadowMap, skyCount } from './exposure.ts';
import { surroundings } from './lighting.ts';
import type { Moment } from './moment.ts';
import { mix } from './numbers.ts';

/** Light at each vertex of a part. */
export interface PartLight {
  /** What the surroundings give a matt white surface there. [count, 3] */
  readonly ambient: Float32Array;
  /** Share of the main light that gets there. [count] */
  readonly key: Float32Array;
}

/** Lights all parts of a moment. `resolution`: texels of the main light's shadow map. */
export function illuminate(at: Moment, resolution: number, memory: Arena = heap): readonly PartLight[] {
  const { lighting } = at.shot;
  const around = { head: surroundings(lighting, at.head), body: surroundings(lighting, at.body) };
  const casters = at.parts.flatMap(({ part, positions }) => {
    const { triangles } = part.mesh;
    if (part.kind === 'skin' || part.kind === 'body') return [{ positions, triangles, closed: true }];
    const casts =
      part.kind === 'ear' || part.kind === 'mask' || (part.kind === 'hair' && part.mesh.layer < 0.9);
    return casts ? [{ positions, triangles, closed: false }] : [];
  });
  const map = shadowMap(casters, lighting.key.towards, resolution, memory);
  const blur = mix(0.4, 2.2, lighting.softness) * (resolution / 128);
  return at.parts.map(({ part, positions, normals }) => {
    const sky = part.kind === 'body' ? around.body : around.head;
    const count = part.mesh.count;
    const ambient = memory.floats(count * 3);
    const key = memory.floats(count);
    const { exposure } = part;
    // eyes lie under the lids' mesh, so they look for the light from further out
    const lift = part.kind === 'eye' || part.kind === 'teeth' ? 7 : 2;
    const [lx, ly, lz] = lighting.key.towards;
    const closed = part.kind === 'skin' || part.kind === 'body' || (part.kind === 'hair' && !part.mesh.open);
    for (let v = 0; v < count; v++) {
      // what is turned away is never seen, but its neighbours may be
      if (closed && (normals[v * 3 + 2] ?? 0) < -0.3) continue;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0, e = v * skyCount; k < skyCount; k++, e++) {
        const w = exposure[e] ?? 0;
        if (w === 0) continue;
        r += w * (sky[k * 3] ?? 0);
        g += w * (sky[k * 3 + 1] ?? 0);
        b += w * (sky[k * 3 + 2] ?? 0);
      }
      const i = v * 3;
      ambient[i] = r;
      ambient[i + 1] = g;
      ambient[i + 2] = b;
      const nx = normals[i] ?? 0;
      const ny = normals[i + 1] ?? 0;
      const nz = normals[i + 2] ?? 0;
      if (nx * lx + ny * ly + nz * lz < -0.35) continue;
      key[v] = map.lit(
        (positions[i] ?? 0) + nx * lift,
        (positions[i + 1] ?? 0) + ny * lift,
        (positions[i + 2] ?? 0) + nz * lift,
        2.5,
        blur,
      );
    }
    return { ambient, key };
  });
}
