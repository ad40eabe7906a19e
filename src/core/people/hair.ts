import { canonAt, columnAngle, downTo } from './canon.ts';
import { type Cut, cuts, hairline } from './hair-cuts.ts';
import { closeSeam, gridTriangles, type Mesh, meshOf } from './mesh.ts';
import { fractal, noise } from './noise.ts';
import { clamp, mix, smoothstep } from './numbers.ts';
import type { Person } from './person.ts';
import type { Proportions } from './proportions.ts';
import { normalize, type Vec3 } from './vectors.ts';

/** One of the shells that hair consists of, from the innermost on. */
export interface HairShell extends Mesh {
  /** Strand coordinates: across and along the strands, in millimetres. [count, 2] */
  readonly strand: Float32Array;
  /** Millimetres to the hair's end. [count] */
  readonly toEdge: Float32Array;
  /** 1 where the edge is one of roots, 0 where it is one of cut ends. [count] */
  readonly combed: Float32Array;
  /** Direction of the strands. [count, 3] */
  readonly tangents: Float32Array;
  /** 0 for the innermost shell … 1 for the outermost. */
  readonly layer: number;
  /** True of hair as it grows; false of a bun, whose ends are elsewhere. */
  readonly grown: boolean;
  /** True of the shell whose inside is seen too: the innermost one of hair that hangs. */
  readonly open: boolean;
}

const degrees = 180 / Math.PI;

/** y at which the hair of column `angle` ends. */
function endOf(cut: Cut, person: Person, angle: number, line: (d: number) => number): number {
  const d = Math.abs(angle) * degrees;
  const own = line(d);
  if (!cut.hang) return own;
  const hangs = smoothstep(cut.hang.from, cut.hang.from + 9, d + 3 * person.hair.part * Math.sign(angle));
  const end = -20 + (cut.hang.end + 20) * person.hair.length;
  return mix(own, end, hangs);
}

/** Thickness of the hair above the scalp at `down` along the meridian of `angle`. */
function thickness(cut: Cut, person: Person, angle: number, down: number, y: number, toEdge: number): number {
  const { hair, seed } = person;
  const ahead = Math.cos(angle);
  const high = smoothstep(0, 62, y);
  let t = mix(cut.side, cut.top, high);
  t +=
    cut.quiff * high * smoothstep(0.2, 0.9, ahead) * smoothstep(0, 18, toEdge) * smoothstep(0.1, 0.5, down);
  if (cut.quiff > 0 && hair.part !== 0) t *= 1 + 0.22 * Math.sin(angle) * hair.part * high;
  const size = cut.curl > 0 ? cut.curl : 26;
  const lump =
    cut.curl > 0
      ? noise((angle * 78) / size, (down * 80) / size, seed + 7) * 2 - 1
      : fractal(angle * 3.4, down * 1.8, seed + 7, 3) * (1 + hair.mess);
  t *= 1 + cut.bumps * lump * (cut.curl > 0 ? 1 : 1.6);
  t *= 0.6 + 0.4 * hair.volume;
  // hair that is combed back rises slowly from its roots at the forehead
  const back = backFrom(cut, angle, y);
  return mix(mix(cut.edge, 0.4, back), t, smoothstep(0, mix(24, 44, back), toEdge));
}

/** 1 where hair grows back from the forehead and temples, 0 where its ends hang over the skin. */
function backFrom(cut: Cut, angle: number, y: number): number {
  return cut.fringe === null ? smoothstep(0.1, 0.5, Math.cos(angle)) * smoothstep(0, 30, y) : 0;
}

function shell(person: Person, place: Proportions, cut: Cut, layer: number, detail: number): HairShell {
  const half = Math.round(40 * detail);
  const columns = 2 * half + 1;
  const rows = Math.round((cut.hang ? 40 : 26) * detail);
  const count = columns * rows;
  const positions = new Float32Array(count * 3);
  const strand = new Float32Array(count * 2);
  const toEdge = new Float32Array(count);
  const combed = new Float32Array(count);
  const line = hairline(cut, person.hair.recession, person.hair.widowsPeak);
  const { seed } = person;
  for (let c = 0; c < columns; c++) {
    const t = (c - half) / half;
    const angle = 0.5 * columnAngle(t) + 0.5 * Math.PI * t;
    const end = endOf(cut, person, angle, line) + 5 * (noise(angle * 9, 3, seed) - 0.5);
    const hangs = cut.hang !== null && end < -40;
    const scalpEnd = hangs ? 8 : end;
    const scalp = downTo(scalpEnd);
    const hangLength = hangs ? scalpEnd - end : 0;
    const total = scalp * 76 + hangLength;
    for (let r = 0; r < rows; r++) {
      const along = (r / (rows - 1)) * total;
      const down = Math.min(scalp, along / 76);
      const fall = Math.max(0, along - scalp * 76);
      const [x, y, z] = canonAt(angle, down);
      const rest = total - along;
      const thick = thickness(cut, person, angle, down, y, hangs ? 30 : rest) * (0.45 + 0.55 * layer);
      const out = outward(angle, down, fall > 0 ? 0 : y);
      let p = place(x, y, z);
      p = [p[0] + out[0] * thick, p[1] + out[1] * thick, p[2] + out[2] * thick];
      if (fall > 0 && cut.hang) p = hang(p, fall, angle, cut, person, hangLength);
      const i = r * columns + c;
      positions.set(p, i * 3);
      strand.set([angle * 74, along], i * 2);
      toEdge[i] = cut.crown !== null ? Math.min(rest, (cut.crown - y) * 0.8) : rest;
      combed[i] = backFrom(cut, angle, y);
    }
  }
  const mesh = meshOf(positions, gridTriangles(columns, rows));
  closeSeam(mesh.normals, columns, rows);
  return {
    ...mesh,
    strand,
    toEdge,
    combed,
    tangents: tangents(positions, columns, rows),
    layer,
    grown: true,
    open: cut.hang !== null && layer < 0.5,
  };
}

/** Away from the scalp. */
function outward(angle: number, down: number, y: number): Vec3 {
  const up = clamp((y - 10) / 100);
  const lift = down < 0.02 ? 1 : up * 1.15;
  return normalize([Math.sin(angle) * (1 - up * 0.55), lift, Math.cos(angle) * (1 - up * 0.5)]);
}

/** Hair that has left the head and falls by `fall` millimetres of `length`. */
function hang(p: Vec3, fall: number, angle: number, cut: Cut, person: Person, length: number): Vec3 {
  const flare = cut.hang?.flare ?? 0;
  const t = fall / Math.max(1, length);
  const wave =
    cut.curl > 0
      ? Math.sin(fall / 11 + 5 * noise(angle * 4, 1, person.seed)) * 3.2 * smoothstep(0, 0.3, t)
      : 0;
  const clump = (noise(angle * 7, fall / 90, person.seed + 3) - 0.5) * 9 * smoothstep(0, 0.5, t);
  const out =
    flare * Math.sin(Math.PI * clamp(t * 0.9)) -
    (cut.hang && cut.hang.end > -120 ? 12 * t * t : 0) +
    wave +
    clump;
  const side = Math.sin(angle);
  const ahead = Math.cos(angle);
  return [p[0] + side * out, p[1] - fall, p[2] + ahead * out + (ahead > -0.2 ? -6 * t : 8 * t)];
}

function tangents(positions: Float32Array, columns: number, rows: number): Float32Array {
  const out = new Float32Array(positions.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const a = (Math.max(0, r - 1) * columns + c) * 3;
      const b = (Math.min(rows - 1, r + 1) * columns + c) * 3;
      const d = (k: number): number => (positions[b + k] ?? 0) - (positions[a + k] ?? 0);
      out.set(normalize([d(0), d(1), d(2)]), (r * columns + c) * 3);
    }
  return out;
}

/** A knot of tied hair, at the back of the crown. */
function bun(person: Person, place: Proportions, detail: number): HairShell {
  const columns = Math.round(24 * detail) + 1;
  const rows = Math.round(16 * detail);
  const high = person.hair.length > 1;
  const [cx, cy, cz] = place(0, high ? 100 : 40, high ? -62 : -108);
  const size = 20 + 11 * person.hair.volume;
  const positions = new Float32Array(columns * rows * 3);
  const strand = new Float32Array(columns * rows * 2);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const a = (c / (columns - 1)) * 2 * Math.PI - Math.PI;
      const b = (r / (rows - 1)) * Math.PI;
      const i = r * columns + c;
      const grow = size * (1 + 0.1 * (noise(a * 2, b * 3, person.seed) - 0.5));
      positions.set(
        [
          cx + grow * Math.sin(a) * Math.sin(b),
          cy + grow * 0.9 * Math.cos(b),
          cz + grow * Math.cos(a) * Math.sin(b),
        ],
        i * 3,
      );
      strand.set([a * size, b * size], i * 2);
    }
  const mesh = meshOf(positions, gridTriangles(columns, rows));
  const toEdge = new Float32Array(columns * rows).fill(40);
  const combed = new Float32Array(columns * rows);
  return {
    ...mesh,
    strand,
    toEdge,
    combed,
    tangents: tangents(positions, columns, rows),
    layer: 0,
    grown: false,
    open: false,
  };
}

/** The shells of a person's hair; none for a bald head. */
export function hair(person: Person, place: Proportions, detail: number): readonly HairShell[] {
  const cut = cuts[person.hair.cut];
  if (!cut) return [];
  const layers = detail < 0.9 || cut.top < 4 ? [0.2, 1] : [0, 0.55, 1];
  const shells = layers.map((layer) => shell(person, place, cut, layer, detail));
  return cut.bun ? [...shells, bun(person, place, detail)] : shells;
}
