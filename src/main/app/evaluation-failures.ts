import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import type { Output, Parsed } from '../../core/contract/api.ts';
import type { BenchmarkImage } from '../../core/contract/benchmarks.ts';
import type { FailedPair, OperatingPoint } from '../../core/contract/evaluations.ts';
import { operatingPoint } from '../../core/metrics/operating-point.ts';
import { signOf } from '../../core/metrics/pair-scores.ts';
import { tarAt } from '../../core/metrics/tar-at-far.ts';
import { imagesAt } from '../store/benchmark-images.ts';
import { markedPairs } from '../store/benchmark-marks.ts';
import type { Reader } from '../store/database.ts';
import type { OpenScores } from './evaluation-scores.ts';

type Operating = Parsed<'evaluations.at'>['at'];

/** Error: `evaluation/no-threshold` where the rate can't be told from so few pairs. */
export function thresholdAt({ ranked }: OpenScores, at: Operating): number {
  if ('threshold' in at) return at.threshold;
  const { threshold } = tarAt(ranked, at.far);
  if (threshold === null)
    throw error('evaluation/no-threshold', { far: at.far, pairs: ranked.others.length });
  return threshold;
}

/** What comes of a threshold among the pairs that count. */
export function pointAt(open: OpenScores, at: Operating): OperatingPoint {
  const point = operatingPoint(open.ranked, thresholdAt(open, at));
  const { threshold, tar, far, accuracy, trueAccepts, falseAccepts, positives } = point;
  assert(tar !== null && far !== null && accuracy !== null, 'both kinds of pairs are there');
  return { threshold, tar, far, accuracy, falseAccepts, falseRejects: positives - trueAccepts };
}

/** A page of the pairs that are wrong at a threshold, the most certain first; or of all that are marked. */
export function failuresAt(
  store: Reader,
  open: OpenScores,
  { at, kind, offset, limit }: Parsed<'evaluations.failures'>,
): Output<'evaluations.failures'> {
  const { result, pairs, scores } = open;
  const { id } = result.benchmark;
  assert(id !== null, 'pairs are of a benchmark that is there');
  const point = pointAt(open, at);
  const marked = markedPairs(store, id);
  const all =
    kind === 'marked'
      ? marked
      : kind === 'false-accepts'
        ? open.others.subarray(0, point.falseAccepts)
        : open.same.subarray(0, point.falseRejects);
  const shown = Array.from(all.slice(offset, offset + limit));
  const positions = new Set(
    shown.flatMap((pair) => [pairs.pairs[2 * pair] ?? 0, pairs.pairs[2 * pair + 1] ?? 0]),
  );
  const images = new Map(imagesAt(store, id, [...positions]).map((image) => [image.index, image]));
  const marks = new Set(marked);
  const sign = signOf(open.ranked.kind);
  const items = shown.flatMap((pair): FailedPair[] => {
    const one = images.get(pairs.pairs[2 * pair] ?? -1);
    const other = images.get(pairs.pairs[2 * pair + 1] ?? -1);
    if (one === undefined || other === undefined) return []; // erased with the dataset that it was drawn from
    const same = pairs.same[pair] === 1;
    const score = known(scores[pair]);
    const alike = score === null ? 0 : sign * (score - point.threshold);
    return [
      {
        ...{ pair, same, score, by: same ? -alike : alike, fold: pairs.folds?.[pair] ?? null },
        ...{ group: groupOf(one, other), marked: marks.has(pair), images: [one, other] },
      },
    ];
  });
  return { offset, total: all.length, threshold: point.threshold, items };
}

function known(score: number | undefined): number | null {
  return score === undefined || Number.isNaN(score) ? null : score;
}

function groupOf(one: BenchmarkImage, other: BenchmarkImage): string | null {
  return one.group === other.group ? one.group : null;
}
