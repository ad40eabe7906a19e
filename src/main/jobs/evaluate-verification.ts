import { protocols } from '../../core/metrics/protocols.ts';
import { groupFigures } from '../../core/report/group-figures.ts';
import {
  accuracyWithAll,
  countedPlaces,
  verificationFigures,
} from '../../core/report/verification-figures.ts';
import type { Measured, VerificationTask } from './evaluate-protocol.ts';
import type { JobContext } from './job.ts';
import { scorePairs } from './score-pairs.ts';

/** Scores the pairs and says what the protocol makes of them. Errors: those of `verificationFigures`. */
export async function measureVerification(
  task: VerificationTask,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<Measured> {
  const { protocol, parts, pairs, leftOut } = task;
  const options = { kind: protocols[protocol].score, signal };
  const scores = await scorePairs(parts, pairs, options);
  const training = task.training && {
    ...task.training,
    scores: await scorePairs(parts, task.training.pairs, options),
  };
  const measured = { ...task, scores, training };
  const verification = verificationFigures(protocol, measured, task);
  const groups = groupFigures(protocol, measured, task.groups, verification.threshold);
  return {
    ...{ pairs: countedPlaces({ scores, leftOut }).length, verification, groups, identification: null },
    ...{ withAll: accuracyWithAll(protocol, measured), scores, curves: null },
  };
}
