import { z } from 'zod';
import { planSample } from '../../../core/sample/plan.ts';
import { peopleHost } from '../../jobs/people.ts';
import { finishSample, readTruth } from '../../jobs/people-files.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';
import { sharesOf } from './plan.ts';
import { runTeam } from './team.ts';

const amount = z.int().nonnegative();
export const peopleInput = z.object({
  /** Where the pictures go. */
  folder: z.string(),
  settings: z.object({
    ...{ seed: z.int(), identities: amount, picturesEach: amount, groups: amount },
    defects: z.object({
      ...{ wrongLabels: amount, twins: amount, duplicates: amount, broken: amount, masks: amount },
    }),
    training: z.object({ identities: amount, exam: amount, cropsEach: amount }),
  }),
});
export type PeopleInput = z.infer<typeof peopleInput>;

/** Makes people in all processes. Continuing passes over the parts that are there. */
export function peopleRunner(context: Context): JobRunner {
  return async (job, report) => {
    const { folder, settings } = peopleInput.parse(JSON.parse(job.input));
    const plan = planSample(settings);
    const total = plan.parts.reduce((sum, part) => sum + part.length, 0);
    if ((await readTruth(folder, settings)) !== null) {
      report.progress(total, total);
      return { pictures: total, fresh: 0 };
    }
    report.progress(0, total);
    const host = peopleHost(plan, report.progress);
    const count = Math.max(1, Math.min(sharesOf(context).processes, plan.parts.length));
    const team = { kind: 'people', count, setup: { folder, settings }, host: { ...host } };
    const summary = await runTeam(context, team, report);
    await finishSample(folder, plan);
    return summary;
  };
}
