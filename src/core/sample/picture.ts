import { defined } from '../base/assert.ts';
import type { RgbImage } from '../base/image.ts';
import { type Arena, arena } from '../people/arena.ts';
import { type Detail, type Figure, sculpt } from '../people/figure.ts';
import { groupPhotograph } from '../people/group.ts';
import { mask } from '../people/mask-kinds.ts';
import { person } from '../people/person.ts';
import { type FaceTruth, photograph, renderCrop } from '../people/portrait.ts';
import { type Shot, type ShotLimits, shot, usualLimits } from '../people/shot.ts';
import type { PlannedFace, PlannedPicture, SampleFace, SamplePlan, SampleTruth } from './types.ts';

/** Photographs are as people take them, who mostly look at the camera; crops are calm, so that a small network learns from them within a minute. */
const limits: Readonly<Record<PlannedPicture['kind'], ShotLimits>> = {
  portrait: { ...usualLimits, yaw: 30, pitch: 15, roll: 15, difficulty: 0.5, occlusion: 0.02 },
  group: { ...usualLimits, yaw: 22, pitch: 12, roll: 10, difficulty: 0.4, occlusion: 0 },
  crop: { ...usualLimits, yaw: 20, pitch: 10, roll: 10, expression: 0.6, difficulty: 0.3, occlusion: 0 },
};

/** What a face of so many pixels from hairline to chin needs. */
function detailFor(pixels: number): Detail {
  return pixels > 280 ? 'large' : pixels > 120 ? 'medium' : 'small';
}

function shotOf(picture: PlannedPicture, face: PlannedFace): Shot {
  const plain = shot(face.shot, limits[picture.kind]);
  return {
    ...plain,
    mask: face.masked ? mask(face.shot) : null,
    occluder: face.masked ? null : plain.occluder,
    frame: face.frame ?? plain.frame,
  };
}

/** Makes pictures of a plan; it keeps the figures of the last few people, and the memory of one picture. */
export interface SamplePainter {
  paint(picture: PlannedPicture): { readonly image: RgbImage; readonly truth: SampleTruth };
}

/** Figures that are kept: as many as a group has. */
const kept = 6;

export function samplePainter(plan: SamplePlan): SamplePainter {
  const memory: Arena = arena();
  const figures = new Map<string, Figure>();
  const names = new Map(plan.people.map(({ identity, names }) => [identity, names[0] ?? '']));
  const figureOf = (identity: number, detail: Detail): Figure => {
    const key = `${identity} ${detail}`;
    const figure = figures.get(key) ?? sculpt(person(identity), detail);
    figures.delete(key);
    figures.set(key, figure);
    const [oldest] = figures.keys();
    if (figures.size > kept && oldest !== undefined) figures.delete(oldest);
    return figure;
  };
  return {
    paint: (picture) => {
      const members = picture.faces.map((face) => {
        const at = shotOf(picture, face);
        const detail = picture.kind === 'crop' ? 'small' : detailFor(at.frame.size * picture.height);
        return { figure: figureOf(face.identity, detail), shot: at };
      });
      const { width, height, kind } = picture;
      if (kind === 'group') {
        const { image, truths } = groupPhotograph(members, width, height);
        return { image, truth: truthOf(picture, truths, names) };
      }
      const { figure, shot: at } = defined(members[0], 'a face');
      const { image, truth } =
        kind === 'crop'
          ? renderCrop(figure, at, width, memory)
          : photograph(figure, at, width, height, memory);
      return { image, truth: truthOf(picture, [truth], names) };
    },
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function truthOf(
  { path, kind, label, width, height, defect }: PlannedPicture,
  truths: readonly FaceTruth[],
  names: ReadonlyMap<number, string>,
): SampleTruth {
  const faces = truths.map(({ identity, box, pose, points, landmarks, mask: worn }): SampleFace => {
    const { x, y, width: wide, height: high } = box;
    return {
      identity,
      name: names.get(identity) ?? '',
      box: [rounded(x), rounded(y), rounded(wide), rounded(high)],
      pose: { yaw: rounded(pose.yaw), pitch: rounded(pose.pitch), roll: rounded(pose.roll) },
      points: points.map(rounded),
      landmarks: landmarks.map(rounded),
      mask: worn ? { kind: worn.kind, outline: worn.outline.map(rounded) } : null,
    };
  });
  return { path, kind, label, width, height, faces, defect };
}
