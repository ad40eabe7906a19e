import { error } from '../../core/base/errors.ts';
import { falseAcceptRates, type IdentificationFigures } from '../../core/contract/evaluations.ts';
import { ensemble, type Features } from '../../core/metrics/features.ts';
import { identification } from '../../core/metrics/identification.ts';
import { nearestTpr, templateScores } from '../../core/metrics/ijb.ts';
import { dirAtFar } from '../../core/metrics/open-set.ts';
import { rankPairs } from '../../core/metrics/ranked.ts';
import { tarTable } from '../../core/metrics/tar-at-far.ts';
import { evaluationCurves } from '../../core/report/evaluation-curves.ts';
import { toldCmc, toldRanks } from './evaluate-megaface.ts';
import type { Measured, TemplatesTask } from './evaluate-protocol.ts';
import type { JobContext } from './job.ts';
import { pooledTemplates } from './pool-templates.ts';
import { scoreBlocks } from './score-blocks.ts';

/** Points of the curve that is kept: the scores themselves are too many. */
const curvePoints = 1000;

type Needs = Pick<JobContext, 'signal' | 'progress'>;

/** Rows of the templates at these places. */
function rowsAt({ width, values }: Features, places: Int32Array): Features {
  const rows = new Float32Array(places.length * width);
  for (const [i, place] of places.entries())
    rows.set(values.subarray(place * width, (place + 1) * width), i * width);
  return { width, values: rows };
}

/** Probes searched in a gallery of templates. */
async function searched(
  features: Features,
  task: Pick<TemplatesTask, 'subjects'>,
  probes: Int32Array,
  gallery: Int32Array,
  threads: number,
  { signal }: Needs,
) {
  // Somebody unknown is nobody's mate: numbers below −1 that no other has.
  const person = (place: number, other: number): number => {
    const subject = task.subjects[place] ?? -1;
    return subject < 0 ? other : subject;
  };
  const tally = identification({
    probes: probes.map((place, i) => person(place, -2 - 2 * i)),
    gallery: gallery.map((place, i) => person(place, -3 - 2 * i)),
    ranks: toldRanks.at(-1) ?? 1,
  });
  const entries = rowsAt(features, gallery);
  const load = async (from: number, count: number): Promise<Features[]> => [
    {
      width: entries.width,
      values: entries.values.subarray(from * entries.width, (from + count) * entries.width),
    },
  ];
  await scoreBlocks([rowsAt(features, probes)], gallery.length, load, tally.add, {
    ...{ threads, signal, progress: () => {} },
  });
  return tally.result();
}

/** Of several galleries the mean, where each can be measured. */
function meanDir(all: readonly ReturnType<typeof dirAtFar>[]): IdentificationFigures['dir'] {
  return falseAcceptRates.map((rate, i) => {
    const rates = all.map((one) => one[i]?.dir ?? null);
    const known = rates.filter((dir) => dir !== null);
    const whole = known.length > 0 && known.length === rates.length;
    return [rate, whole ? known.reduce((sum, dir) => sum + dir, 0) / known.length : null];
  });
}

/**
 * IJB's protocols: 1:1 over pairs of templates, 1:N closed set in all galleries together and open set in each alone. TAR
 * is that of the largest FAR at most the rate; by `facex` that of the nearest, as FaceX-Zoo has it.
 * Error: `evaluation/no-crops`.
 */
export async function measureTemplates(
  task: TemplatesTask,
  threads: number,
  needs: Needs,
): Promise<Measured> {
  const pooled: Features[] = [];
  for (const part of task.parts) pooled.push(await pooledTemplates(part, task));
  const [only] = pooled;
  const features = pooled.length === 1 && only !== undefined ? only : ensemble(pooled);
  if (task.subjects.length === 0) throw error('evaluation/no-crops', { name: 'of templates' });

  const { pairs } = task;
  const scored = pairs && templateScores(features, { first: pairs.a, second: pairs.b, same: pairs.same });
  const ranked = scored && rankPairs(scored);
  const tar: IdentificationFigures['tar'] =
    ranked === null
      ? []
      : task.protocol === 'facex'
        ? nearestTpr(ranked, falseAcceptRates).map(({ rate, tpr }) => [rate, tpr])
        : tarTable(ranked, falseAcceptRates).map(({ rate, tar: share }) => [rate, share]);

  const probes = task.probes ?? new Int32Array();
  const whole = Int32Array.from(task.galleries.flatMap((gallery) => [...gallery]));
  const search = (gallery: Int32Array) => searched(features, task, probes, gallery, threads, needs);
  const closed = probes.length === 0 || whole.length === 0 ? null : await search(whole);
  const open: ReturnType<typeof dirAtFar>[] = [];
  if (closed !== null)
    for (const gallery of task.galleries) open.push(dirAtFar(await search(gallery), falseAcceptRates));
  return {
    ...{ pairs: pairs?.same.length ?? 0, verification: null, groups: [], withAll: null, scores: null },
    identification: {
      ...{ cmc: toldCmc(closed?.cmc ?? null), probes: probes.length, gallery: whole.length },
      ...{ dir: open.length === 0 ? [] : meanDir(open), tar },
    },
    curves: scored && evaluationCurves(scored, 'cosine', curvePoints),
  };
}
