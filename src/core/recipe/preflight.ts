import { dataChecks } from './check-data.ts';
import { holdOutChecks } from './check-hold-out.ts';
import { machineChecks } from './check-machine.ts';
import { trainingChecks } from './check-training.ts';
import { tuningChecks } from './check-tuning.ts';
import type { Finding } from './finding.ts';
import type { PreflightFacts } from './preflight-facts.ts';

/** Every look before the start, in the order in which findings are shown. */
const checks = [...dataChecks, ...holdOutChecks, ...trainingChecks, ...tuningChecks, ...machineChecks];
const order = { warning: 0, note: 1, good: 2 } as const;

/** What stands out in a recipe on its data and machine: warnings first, then notes, then what is well. */
export function preflight(facts: PreflightFacts): readonly Finding[] {
  return checks.flatMap((check) => check(facts) ?? []).sort((a, b) => order[a.level] - order[b.level]);
}
