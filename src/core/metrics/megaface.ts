import { assert } from '../base/assert.ts';
import { betweenCounts } from './between-counts.ts';
import { checkScores } from './pair-scores.ts';
import { farRates, type TarAtFar } from './tar-at-far.ts';
import { type ScoreBlock, type TopScores, topScores } from './top-scores.ts';

/**
 * MegaFace (Kemelmacher-Shlizerman et al. 2016), challenge 1: every picture of a probe person is put among the
 * distractors in turn and searched with every other picture of that person. A search is a hit at rank k where the
 * person's picture is at least as alike as the k-th most alike distractor (here ties count for the probe). Verification:
 * the same pairs against all pairs of a probe and a distractor.
 */
export interface MegaFaceSetup {
  /** [probes], persons by any numbers */
  readonly identities: ArrayLike<number>;
  /**
   * How alike the picture `gallery` (put among the distractors) and the picture `probe` are, both numbers of probes; for
   * MegaFace-Mask the probe wears the mask and the picture in the gallery does not.
   */
  readonly positive: (gallery: number, probe: number) => number;
  /** How many of each probe's most alike distractors are remembered, for looking at; none if not said. */
  readonly keep?: number;
}

/** All ordered pairs of pictures of one person. */
export interface MegaFacePairs {
  readonly gallery: Uint32Array;
  readonly probe: Uint32Array;
  readonly scores: Float64Array;
}

export interface MegaFaceResult {
  readonly pairs: MegaFacePairs;
  /** [pairs], from 1: one more than the number of distractors that are more alike. */
  readonly ranks: Float64Array;
  /** [ranks], share of the searches that hit at rank 1, 2 …; null without pairs. */
  readonly cmc: Float64Array | null;
  /** Probes × distractors. */
  readonly negatives: number;
  /** As `tarAt`, exact. */
  readonly tar: readonly TarAtFar[];
}

export interface MegaFaceTally {
  /** Pieces of the probes × distractors matrix, each cell once, in any order. Errors: `metrics/bad-score`. */
  readonly add: (block: ScoreBlock) => void;
  readonly result: (ranks?: number, rates?: readonly number[]) => MegaFaceResult;
  /** The remembered distractors of a probe, the most alike first. */
  readonly nearest: TopScores['of'];
}

/** Memory by the number of pairs, whatever the number of distractors. Errors: `metrics/bad-score`. */
export function megaFace({ identities, positive, keep = 0 }: MegaFaceSetup): MegaFaceTally {
  const pairs = orderedPairs(identities, positive);
  const { scores, probe: probeOf } = pairs;
  const starts = new Uint32Array(identities.length + 1); // pairs are by probe
  for (const probe of probeOf) starts[probe + 1] = (starts[probe + 1] ?? 0) + 1;
  for (let i = 0; i < identities.length; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  const marksOf = Array.from({ length: identities.length }, (_, probe) =>
    distinct(scores.subarray(starts[probe], starts[probe + 1])),
  );
  const own = marksOf.map((marks) => betweenCounts(marks));
  const marks = distinct(scores);
  const all = betweenCounts(marks);
  const top = topScores(identities.length, keep);
  return {
    add: ({ probe: first, entry, rows, columns, scores: block }) => {
      assert(block.length >= rows * columns, `${block.length} scores for ${rows} × ${columns}`);
      checkBlock(block, rows * columns);
      all.add(block, 0, rows * columns);
      for (let row = 0; row < rows; row++) own[first + row]?.add(block, row * columns, (row + 1) * columns);
      for (let i = 0; keep > 0 && i < rows * columns; i++) {
        const [probe, score] = [first + Math.floor(i / columns), block[i] ?? 0];
        if (score >= top.bar(probe)) top.offer(probe, entry + (i % columns), score);
      }
    },
    nearest: top.of,
    result: (most = 100, rates = farRates) => {
      const ranks = new Float64Array(scores.length);
      own.forEach((counts, probe) => {
        const above = counts.above();
        const places = placesOf(marksOf[probe] ?? new Float64Array(0));
        for (let pair = starts[probe] ?? 0; pair < (starts[probe + 1] ?? 0); pair++) {
          ranks[pair] = 1 + (above[places.get(scores[pair] ?? 0) ?? 0] ?? 0);
        }
      });
      const wrong = all.atLeast();
      const right = marksAtLeast(marks, scores);
      return {
        pairs,
        ranks,
        cmc: scores.length === 0 ? null : cumulative(ranks, most),
        negatives: all.total(),
        tar: rates.map((rate) => tarAmong(marks, right, wrong, scores.length, all.total(), rate)),
      };
    },
  };
}

function orderedPairs(identities: ArrayLike<number>, positive: MegaFaceSetup['positive']): MegaFacePairs {
  const pictures = new Map<number, number[]>();
  for (let i = 0; i < identities.length; i++) {
    const person = identities[i] ?? 0;
    const known = pictures.get(person);
    if (known) known.push(i);
    else pictures.set(person, [i]);
  }
  const [gallery, probes, scores]: [number[], number[], number[]] = [[], [], []];
  for (let probe = 0; probe < identities.length; probe++) {
    for (const other of pictures.get(identities[probe] ?? 0) ?? []) {
      if (other === probe) continue;
      gallery.push(other);
      probes.push(probe);
      scores.push(positive(other, probe));
    }
  }
  checkScores(scores);
  return {
    gallery: Uint32Array.from(gallery),
    probe: Uint32Array.from(probes),
    scores: Float64Array.from(scores),
  };
}

/** The sum shows whether all are numbers; which is not one is only asked where one is not. */
function checkBlock(scores: ArrayLike<number>, count: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += scores[i] ?? 0;
  if (!Number.isFinite(sum)) checkScores(Array.from(scores), 'place');
}

/** Ascending, each once. */
function distinct(scores: Float64Array): Float64Array {
  return scores
    .slice()
    .sort()
    .filter((score, i, sorted) => i === 0 || score !== sorted[i - 1]);
}

function placesOf(marks: Float64Array): Map<number, number> {
  return new Map(Array.from(marks, (mark, place) => [mark, place]));
}

/** [marks], how many scores are at least as large as each mark. */
function marksAtLeast(marks: Float64Array, scores: Float64Array): Float64Array {
  const counts = betweenCounts(marks);
  counts.add(scores);
  return counts.atLeast();
}

/** Share of the ranks that are at most 1, 2 … `most`. */
function cumulative(ranks: Float64Array, most: number): Float64Array {
  const reached = new Float64Array(most);
  for (const rank of ranks) if (rank <= most) reached[rank - 1] = (reached[rank - 1] ?? 0) + 1;
  let sum = 0;
  return reached.map((count) => {
    sum += count;
    return sum / ranks.length;
  });
}

/** The lowest mark from which on few enough of the others are accepted. */
function tarAmong(
  marks: Float64Array,
  right: Float64Array,
  wrong: Float64Array,
  positives: number,
  negatives: number,
  rate: number,
): TarAtFar {
  if (positives === 0 || negatives === 0 || 1 / negatives > rate) {
    return { rate, tar: null, far: null, threshold: null };
  }
  const place = wrong.findIndex((count) => count / negatives <= rate);
  const mark = marks[place];
  // No pair of one person is above enough of the others; where a threshold would lie among these was not counted.
  if (mark === undefined) return { rate, tar: 0, far: null, threshold: null };
  return {
    rate,
    tar: (right[place] ?? 0) / positives,
    far: (wrong[place] ?? 0) / negatives,
    threshold: justBelow(mark),
  };
}

/** A threshold that accepts the score itself and nothing that is lower by more than rounding. */
function justBelow(score: number): number {
  return score - Math.max(Math.abs(score) * 2 ** -52, Number.MIN_VALUE);
}
