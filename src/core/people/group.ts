import { assert } from '../base/assert.ts';
import { eyeDistance } from '../faces/five.ts';
import { paintBackdrop } from './backdrop.ts';
import { develop, occlude, over } from './develop.ts';
import { type Figure, sculpt } from './figure.ts';
import { moment } from './moment.ts';
import type { Person } from './person.ts';
import { brightness, type FaceTruth, type Photograph, quality, truthOf } from './portrait.ts';
import { renderLayer } from './render.ts';
import type { Shot } from './shot.ts';
import { framed } from './view.ts';

/** A figure and what it does in a group photograph; `shot.frame` says where in the picture, and how big, its face is. */
export interface Member {
  readonly figure: Figure;
  readonly shot: Shot;
}

/**
 * Places for `count` people side by side, in up to two rows, in a picture of an aspect (width / height): the frames for
 * `Shot.frame`. Those behind come first.
 */
export function groupFrames(count: number, aspect: number): readonly Shot['frame'][] {
  const ahead = count > 3 ? Math.ceil((count + 1) / 2) : count;
  const behind = count - ahead;
  const frames: Shot['frame'][] = [];
  // faces take about half of each person's share of the width; those behind look through between those before them
  const row = (people: number, y: number, scale: number): void => {
    const size = Math.min(0.5, (scale * 0.62 * aspect) / ahead);
    for (let i = 0; i < people; i++) frames.push({ x: 0.5 + (i - (people - 1) / 2) / ahead, y, size });
  };
  if (behind > 0) row(behind, 0.27, 0.68);
  row(ahead, behind > 0 ? 0.56 : 0.45, behind > 0 ? 0.85 : 1);
  return frames;
}

/**
 * One photograph of several figures, the first one furthest back. The light, the lens and what is behind them are those
 * of the last one's shot. Truths are in the order of the members; a face may be hidden in part by whoever stands before it.
 */
export function groupPhotograph(members: readonly Member[], width: number, height: number): Photograph {
  const last = members.at(-1);
  assert(last, 'a group has somebody in it');
  const { backdrop, lens, lighting, seed } = last.shot;
  const light = paintBackdrop(backdrop, width, height, brightness(lighting));
  const truths: FaceTruth[] = [];
  let eyes = 0;
  for (const member of members) {
    const shot: Shot = { ...member.shot, lighting, lens };
    const at = moment(member.figure, shot);
    const view = framed(at, width, height);
    over(light, renderLayer(at, view, width, height, quality.large));
    const truth = truthOf(at, view);
    if (shot.occluder) occlude(light, width, height, shot.occluder, truth.box);
    eyes += eyeDistance(truth.points) / members.length;
    truths.push(truth);
  }
  return { image: develop(light, width, height, lens, lens.blur * eyes, seed), truths };
}

/** One photograph of several people: `shots` has one for each of them, with its place in `frame`. */
export function renderGroup(
  people: readonly Person[],
  shots: readonly Shot[],
  width: number,
  height: number,
): Photograph {
  assert(people.length === shots.length, 'a shot for each person');
  const members = people.flatMap((person, i) => {
    const shot = shots[i];
    // small faces need no fine figures
    return shot
      ? [{ figure: sculpt(person, shot.frame.size * height > 220 ? 'large' : 'medium'), shot }]
      : [];
  });
  return groupPhotograph(members, width, height);
}
