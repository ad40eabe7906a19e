import { scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { cos } from '../ops/cos.ts';
import { multiply } from '../ops/multiply.ts';
import { sin } from '../ops/sin.ts';
import { sqrt } from '../ops/sqrt.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import type { HeadSettings } from './head.ts';

/** Margins that are angles: what becomes of c = cos θ. */

/** An angle's cosine and sine, each a single number or [n, 1]. */
export interface Angle {
  readonly cosine: Value;
  readonly sine: Value;
}

export function angleOf(radians: number | Value): Angle {
  if (typeof radians !== 'number') return { cosine: cos(radians), sine: sin(radians) };
  return { cosine: scalar(Math.cos(radians)), sine: scalar(Math.sin(radians)) };
}

/**
 * cos(θ + m) = c·cos m − √(1 − c²)·sin m. The root stays away from 0, where its derivative is infinite: at c = ±1 its
 * derivative counts as 0, while face.evoLVe's is no number.
 */
export function arc(c: Value, { cosine, sine }: Angle): Value {
  const root = sqrt(clip(subtract(scalar(1), multiply(c, c)), 1e-10, Number.POSITIVE_INFINITY));
  return subtract(multiply(c, cosine), multiply(root, sine));
}

/**
 * cos(θ + m), and where θ + m > π, so that it would grow again: c − m·sin m (`line`), or c itself (`none`). With the easy
 * margin it applies where c > 0 only, and elsewhere c stays.
 */
export function arcTarget(c: Value, m: number | Value, fallback: Fallback, easy = false): Value {
  const angle = angleOf(m);
  // cos(π − m) = −cos m
  const applies = step(easy ? c : add(c, angle.cosine));
  const beyond = fallback === 'line' && !easy ? subtract(c, multiply(asValue(m), angle.sine)) : c;
  return choose(applies, arc(c, angle), beyond);
}

type Fallback = NonNullable<HeadSettings['fallback']>;

/** The same of a number. */
export function arcCurve(c: number, m: number, fallback: Fallback, easy = false): number {
  if (easy ? c > 0 : c > -Math.cos(m)) return Math.cos(Math.acos(c) + m);
  return fallback === 'line' && !easy ? c - m * Math.sin(m) : c;
}

/** `yes` where the condition is 1, `no` where it is 0. */
export function choose(condition: Value, yes: Value, no: Value): Value {
  return add(multiply(condition, yes), multiply(subtract(scalar(1), condition), no));
}

function asValue(m: number | Value): Value {
  return typeof m === 'number' ? scalar(m) : m;
}
