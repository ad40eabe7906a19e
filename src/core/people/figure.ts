import { type Body, body } from './body.ts';
import { canon } from './canon.ts';
import { type Ears, ears } from './ears.ts';
import { exposures, smoothGrid } from './exposure.ts';
import { eyeballs } from './eyeball.ts';
import { type Frame, frame } from './glasses.ts';
import { type HairShell, hair } from './hair.ts';
import type { MaskMesh } from './mask.ts';
import type { Mesh } from './mesh.ts';
import type { Person } from './person.ts';
import { type SkinTexture, skinTexture } from './skin.ts';
import { type Skull, skull } from './skull.ts';
import { type Teeth, teeth } from './teeth.ts';

interface Part<Kind extends string, M extends Mesh> {
  readonly kind: Kind;
  readonly mesh: M;
  /** Weights of the sky's directions. [count, skyCount] */
  readonly exposure: Float32Array;
}

export type FigurePart =
  | Part<'skin', Skull>
  | Part<'ear', Ears>
  | Part<'eye', Mesh>
  | Part<'teeth', Teeth>
  | Part<'hair', HairShell>
  | Part<'body', Body>
  | Part<'frame', Frame>
  | Part<'mask', MaskMesh>;

/** A person's whole body of geometry and paint: made once, photographed often. */
export interface Figure {
  readonly person: Person;
  readonly skull: Skull;
  readonly texture: SkinTexture;
  readonly parts: readonly FigurePart[];
}

/** How finely a figure is made: for crops of about 112 pixels, for faces of about 200, for portraits. */
export type Detail = 'small' | 'medium' | 'large';

const details = {
  small: { grid: 0.5, texture: 128, hair: 0.5 },
  medium: { grid: 0.85, texture: 340, hair: 0.8 },
  large: { grid: 1.25, texture: 576, hair: 1.1 },
} as const;

/** Sculpts and paints a person. */
export function sculpt(person: Person, detail: Detail): Figure {
  const { grid, texture: size, hair: hairDetail } = details[detail];
  const base = canon(grid);
  const head = skull(person, base);
  const { place } = head;
  const shells = hair(person, place, hairDetail);
  const meshes = {
    ears: ears(person, place),
    eyes: eyeballs(head.eyeballs),
    teeth: teeth(place),
    body: body(person, place, grid),
    frame: person.glasses ? frame(person, person.glasses, head) : null,
  };
  // shadows need no fine casters: a coarse head, the ears, the outer hair
  const coarse = skull(person, canon(0.4));
  const outer = shells.slice(-1);
  const casters = [
    { ...coarse, closed: true },
    ...[meshes.ears, ...outer].map(({ positions, triangles }) => ({ positions, triangles, closed: false })),
  ];
  const shaded = [head, meshes.ears, meshes.body, ...shells];
  const weights = exposures(shaded, casters);
  const open = exposures([meshes.eyes, meshes.teeth, ...(meshes.frame ? [meshes.frame] : [])], []);
  const none = new Float32Array(0);
  const skinWeights = weights[0] ?? none;
  smoothGrid(skinWeights, base.columns, base.rows, 2);
  const parts: FigurePart[] = [
    { kind: 'skin', mesh: head, exposure: skinWeights },
    { kind: 'ear', mesh: meshes.ears, exposure: weights[1] ?? none },
    { kind: 'body', mesh: meshes.body, exposure: weights[2] ?? none },
    { kind: 'eye', mesh: meshes.eyes, exposure: open[0] ?? none },
    { kind: 'teeth', mesh: meshes.teeth, exposure: open[1] ?? none },
  ];
  shells.forEach((mesh, i) => {
    parts.push({ kind: 'hair', mesh, exposure: weights[3 + i] ?? none });
  });
  if (meshes.frame) parts.push({ kind: 'frame', mesh: meshes.frame, exposure: open[2] ?? none });
  return { person, skull: head, texture: skinTexture(person, base, size), parts };
}
