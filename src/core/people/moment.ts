import { type Arena, heap } from './arena.ts';
import { exposures } from './exposure.ts';
import { expressionModes } from './expression.ts';
import type { Figure, FigurePart } from './figure.ts';
import { type Lids, lids } from './lids.ts';
import { wornMask } from './mask.ts';
import { smoothstep } from './numbers.ts';
import type { Shot } from './shot.ts';
import { skullNormals } from './skull.ts';
import { headRotation, type Mat3, rotate, type Vec3 } from './vectors.ts';

/** A part of a figure as it is at the moment of a shot. Camera coordinates: the camera looks along −z, z is 0 at the head. */
export interface PosedPart {
  readonly part: FigurePart;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
}

/** A figure at the moment of a shot. */
export interface Moment {
  readonly figure: Figure;
  readonly shot: Shot;
  readonly parts: readonly PosedPart[];
  /** Head and body coordinates → camera directions. */
  readonly head: Mat3;
  readonly body: Mat3;
  readonly lids: Lids;
}

/** Share of the head's turn that a point at height `y` of the average head takes part in. */
function follows(kind: FigurePart['kind'], y: number): number {
  if (kind === 'body') return 0;
  if (kind === 'skin') return smoothstep(-190, -118, y);
  if (kind === 'hair') return smoothstep(-215, -95, y);
  return 1;
}

function expressed(
  figure: Figure,
  shot: Shot,
  memory: Arena,
): { positions: Float32Array; normals: Float32Array } {
  const { skull } = figure;
  const positions = memory.floats(skull.positions.length);
  positions.set(skull.positions);
  for (const mode of expressionModes) {
    const amount = shot.expression.modes[mode];
    const move = skull.moves[mode];
    if (amount === 0) continue;
    for (let i = 0; i < positions.length; i++) positions[i] = (positions[i] ?? 0) + amount * (move[i] ?? 0);
  }
  const normals = memory.floats(positions.length);
  skullNormals(skull.canon, positions, skull.triangles, normals);
  return { positions, normals };
}

/** The mask that is worn, on the face as it is at the moment: it stands in nobody's light but its own wearer's. */
function masked(figure: Figure, shot: Shot, positions: Float32Array): readonly FigurePart[] {
  if (!shot.mask) return [];
  const mesh = wornMask(figure.skull, positions, shot.mask);
  const exposure = exposures([mesh], [])[0] ?? new Float32Array(0);
  return [{ kind: 'mask', mesh, exposure }];
}

/** Poses a figure as a shot has it. */
export function moment(figure: Figure, shot: Shot, memory: Arena = heap): Moment {
  const { yaw, pitch, roll } = shot.pose;
  const head = headRotation(yaw, pitch, roll);
  const body = headRotation(yaw * 0.35, 0, roll * 0.2);
  const pivot = figure.skull.place(0, -100, -20);
  const middle = rotate(head, [-pivot[0], -25 - pivot[1], 45 - pivot[2]]);
  const smile = shot.expression.modes.smile;
  const atMoment = expressed(figure, shot, memory);
  const parts = [...figure.parts, ...masked(figure, shot, atMoment.positions)].flatMap(
    (part): PosedPart[] => {
      if (part.kind === 'frame' && !shot.glasses) return [];
      if (part.kind === 'teeth' && shot.expression.modes.open < 0.02) return [];
      const { mesh, kind } = part;
      const from = kind === 'skin' ? atMoment.positions : mesh.positions;
      const fromNormals = kind === 'skin' ? atMoment.normals : mesh.normals;
      const positions = memory.floats(from.length);
      const normals = memory.floats(from.length);
      const face = kind === 'skin' ? part.mesh.face : null;
      // glasses sit on the mask
      const ahead = kind === 'frame' && shot.mask ? 7 : 0;
      for (let i = 0, v = 0; i < from.length; i += 3, v++) {
        const x = (from[i] ?? 0) - pivot[0];
        const y = (from[i + 1] ?? 0) - pivot[1];
        const z = (from[i + 2] ?? 0) + ahead - pivot[2];
        const w = follows(kind, face ? (face[v * 2 + 1] ?? 0) : (from[i + 1] ?? 0));
        for (let r = 0; r < 3; r++) {
          const a = (head[r * 3] ?? 0) * w + (body[r * 3] ?? 0) * (1 - w);
          const b = (head[r * 3 + 1] ?? 0) * w + (body[r * 3 + 1] ?? 0) * (1 - w);
          const c = (head[r * 3 + 2] ?? 0) * w + (body[r * 3 + 2] ?? 0) * (1 - w);
          positions[i + r] = a * x + b * y + c * z - (middle[r] ?? 0);
          normals[i + r] =
            a * (fromNormals[i] ?? 0) + b * (fromNormals[i + 1] ?? 0) + c * (fromNormals[i + 2] ?? 0);
        }
      }
      return [{ part, positions, normals }];
    },
  );
  return { figure, shot, parts, head, body, lids: lids(figure.person.shape, shot.expression.eyes, smile) };
}

/** Where the middle of an eyeball of the figure is at that moment. */
export function posedEyeball(at: Moment, eye: 0 | 1): Vec3 {
  const pivot = at.figure.skull.place(0, -100, -20);
  const [x, y, z] = at.figure.skull.eyeballs[eye];
  const from = rotate(at.head, [x - pivot[0], y - pivot[1], z - pivot[2]]);
  const middle = rotate(at.head, [-pivot[0], -25 - pivot[1], 45 - pivot[2]]);
  return [from[0] - middle[0], from[1] - middle[1], from[2] - middle[2]];
}
