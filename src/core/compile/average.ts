import { scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { divide } from '../ops/divide.ts';
import { multiply } from '../ops/multiply.ts';
import { subtract } from '../ops/subtract.ts';

/** Running averages of parameters (Polyak and Juditsky 1992): what is verified and exported in place of them. */

const suffix = ':average';

export const averageName = (parameter: string): string => `${parameter}${suffix}`;

/** Whether a tensor of a run's state is wanted for its network, and not for its optimizer alone. */
export function isOfNetwork({ name, kind }: { readonly name: string; readonly kind: string }): boolean {
  return kind !== 'slot' || name.endsWith(suffix);
}

/** How much of an average stays at step `t`, from 0 on: nothing at first, then more and more up to `decay`. */
export function keptAt(t: Value, decay: number): Value {
  return clip(divide(t, add(t, scalar(9))), 0, decay);
}

export function nextAverage(average: Value, parameter: Value, kept: Value): Value {
  return add(multiply(average, kept), multiply(parameter, subtract(scalar(1), kept)));
}

/** Numbers by name as a network uses them after so many steps: averages, where there are any, in place of parameters. */
export function inUse(
  numbers: Iterable<readonly [name: string, data: Float32Array]>,
  step: number,
): Map<string, Float32Array> {
  const all = new Map(numbers);
  const averageOf = (name: string): Float32Array | undefined =>
    step > 0 ? all.get(averageName(name)) : undefined;
  const used = [...all].filter(([name]) => !name.endsWith(suffix));
  return new Map(used.map(([name, own]) => [name, averageOf(name) ?? own]));
}
