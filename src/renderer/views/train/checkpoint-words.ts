import type { Checkpoint } from '../../../core/contract/runs.ts';
import { count, finePercent } from '../../text/format.ts';

/** “Step 1,200 · best · 98.63%”. */
export function checkpointWords({ step, best, last, accuracy }: Checkpoint): string {
  return [
    `Step ${count(step)}`,
    ...(best ? ['best'] : []),
    ...(last ? ['last'] : []),
    ...(accuracy === null ? [] : [finePercent(accuracy)]),
  ].join(' · ');
}
