import { defined } from '../base/assert.ts';
import type { RgbImage } from '../base/image.ts';
import { eyeDistance } from '../faces/five.ts';
import { umeyama } from '../faces/similarity.ts';
import { template } from '../faces/template.ts';
import type { Box, Points5 } from '../faces/types.ts';
import { type Arena, heap } from './arena.ts';
import { paintBackdrop } from './backdrop.ts';
import { develop, occlude, over } from './develop.ts';
import { type Figure, sculpt } from './figure.ts';
import { faceBox, five, landmarks68 } from './landmarks.ts';
import { outlineOf } from './mask.ts';
import type { MaskKind } from './mask-kinds.ts';
import { type Moment, moment } from './moment.ts';
import type { Person } from './person.ts';
import { renderLayer } from './render.ts';
import type { Pose, Shot } from './shot.ts';
import type { Vec3 } from './vectors.ts';
import { framed, project, toScreen, type View } from './view.ts';

/** What is known exactly of a face in a picture: coordinates in pixels, whose centres are at whole numbers. */
export interface FaceTruth {
  /** The seed of the person. */
  readonly identity: number;
  readonly box: Box;
  readonly points: Points5;
  /** In the order of iBUG 300-W: x and y in turn. The outline is where the jaw is, seen or not. [136] */
  readonly landmarks: readonly number[];
  /** Every vertex of the head's surface: x and y in pixels, z in millimetres towards the camera. [count × 3] */
  readonly mesh: Float32Array;
  readonly pose: Pose;
  /** The mask that is worn: its kind, and its outline in pixels, as it is seen, clockwise from above. */
  readonly mask: { readonly kind: MaskKind; readonly outline: readonly number[] } | null;
}

export interface Photograph {
  readonly image: RgbImage;
  readonly truths: readonly FaceTruth[];
}

export interface Portrait {
  readonly image: RgbImage;
  readonly truth: FaceTruth;
}

/** The truth about a figure at a moment in a view; `places` as `landmarks68` gives them, where they are known already. */
export function truthOf(at: Moment, view: View, places: readonly Vec3[] = landmarks68(at)): FaceTruth {
  const positions = at.parts[0]?.positions ?? new Float32Array(0);
  const mesh = toScreen(view, positions, 1);
  const box = faceBox(at, mesh);
  for (let i = 2; i < mesh.length; i += 3) mesh[i] = positions[i] ?? 0;
  return {
    identity: at.figure.person.seed,
    box,
    points: five(places, view),
    landmarks: places.flatMap((place) => project(view, place)),
    mesh,
    pose: at.shot.pose,
    mask: maskTruth(at, view),
  };
}

function maskTruth(at: Moment, view: View): FaceTruth['mask'] {
  const worn = at.parts.find((posed) => posed.part.kind === 'mask');
  if (worn?.part.kind !== 'mask') return null;
  const { mesh } = worn.part;
  const { positions } = worn;
  // across the face as it is rolled: at a right angle to its own up
  const [, upX = 0, , , upY = 1] = at.head;
  const across = (v: number): number => (positions[v * 3] ?? 0) * upY - (positions[v * 3 + 1] ?? 0) * upX;
  const outline = outlineOf(mesh, across).flatMap((v) =>
    project(view, [positions[v * 3] ?? 0, positions[v * 3 + 1] ?? 0, positions[v * 3 + 2] ?? 0]),
  );
  return { kind: mesh.mask.kind, outline };
}

/** What the surroundings give, to paint the backdrop with. */
export function brightness({ sky, glows }: Shot['lighting']): number {
  return sky[1] + 0.3 * glows.reduce((sum, glow) => sum + glow.colour[1], 0);
}

/** By what a picture is for. */
export const quality = {
  large: { samples: 2, shadow: 160 },
  small: { samples: 2, shadow: 72 },
} as const;

function expose(
  at: Moment,
  view: View,
  width: number,
  height: number,
  kind: keyof typeof quality,
  memory: Arena,
  places = landmarks68(at),
): Portrait {
  const { shot } = at;
  const layer = renderLayer(at, view, width, height, quality[kind], memory);
  const light = paintBackdrop(shot.backdrop, width, height, brightness(shot.lighting), layer.cover, memory);
  over(light, layer);
  const truth = truthOf(at, view, places);
  if (shot.occluder) occlude(light, width, height, shot.occluder, truth.box);
  const sigma = shot.lens.blur * eyeDistance(truth.points);
  return { image: develop(light, width, height, shot.lens, sigma, shot.seed), truth };
}

/** A photograph of one figure. Whoever makes many passes an arena of their own, which is taken back for each. */
export function photograph(
  figure: Figure,
  shot: Shot,
  width: number,
  height: number,
  memory: Arena = heap,
): Portrait {
  memory.reset();
  const at = moment(figure, shot, memory);
  return expose(at, framed(at, width, height), width, height, 'large', memory);
}

/** A photograph of one person, `width`×`height` pixels. */
export function renderPortrait(person: Person, shot: Shot, width: number, height: number): Portrait {
  return photograph(sculpt(person, 'large'), shot, width, height);
}

/** The aligned crop of a figure, `size`×`size`: its five true points lie on the template as Umeyama's solver puts them. */
export function renderCrop(figure: Figure, shot: Shot, size = 112, memory: Arena = heap): Portrait {
  memory.reset();
  const at = moment(figure, shot, memory);
  const plain: View = {
    distance: shot.lens.distance,
    toPixels: { a: 1, b: 0, tx: 0, ty: 0, reflect: false },
  };
  const places = landmarks68(at);
  const points = five(places, plain);
  const toPixels = defined(umeyama(points, template(size)), 'the crop of a face');
  return expose(at, { distance: shot.lens.distance, toPixels }, size, size, 'small', memory, places);
}
