import { assert } from '../base/assert.ts';
import { error } from '../base/errors.ts';
import { type ScoreBlock, type TopScores, topScores } from './top-scores.ts';

/**
 * Identification 1:N: each probe is compared with every gallery entry. A probe whose person is in the gallery is mated.
 * Its rank is 1 + the number of entries of other persons that are at least as alike as its most alike mate: equal scores
 * count against the probe, so that constant scores identify nobody.
 */
export interface IdentificationSetup {
  /** [probes], persons by any numbers */
  readonly probes: ArrayLike<number>;
  /** [entries] */
  readonly gallery: ArrayLike<number>;
  /** Up to which rank is counted; 100 if not said. */
  readonly ranks?: number;
  /** [probes] Where the probe's own picture is in the gallery, −1 for nowhere: it is not compared with itself. */
  readonly own?: ArrayLike<number> | null;
}

export interface IdentificationTally {
  /** Pieces of the probes × gallery matrix, each cell once, in any order. Larger scores mean more alike. */
  readonly add: (block: ScoreBlock) => void;
  readonly result: () => Identification;
}

export interface Identification {
  /** Probes with and without their person in the gallery. */
  readonly mated: number;
  readonly unmated: number;
  /** [ranks], share of the mated probes whose rank is at most 1, 2, …: the CMC curve. Null without mated probes. */
  readonly cmc: Float64Array | null;
  /** [probes] from 1; 0 beyond the ranks that were counted, or unmated */
  readonly ranks: Int32Array;
  /** [probes], the score of the most alike mate; NaN for the unmated */
  readonly mate: Float64Array;
  /** The most alike entry of another person for each probe; null where there is none. */
  readonly rival: readonly ({ readonly entry: number; readonly score: number } | null)[];
}

/** Memory: 12 bytes for each of probes × ranks, however large the gallery. Errors: `metrics/bad-score`. */
export function identification({
  probes,
  gallery,
  ranks: most = 100,
  own,
}: IdentificationSetup): IdentificationTally {
  assert(Number.isInteger(most) && most >= 1, `${most} ranks`);
  const mate = new Float64Array(probes.length).fill(Number.NaN);
  const top: TopScores = topScores(probes.length, most);
  return {
    add: ({ probe: firstProbe, entry: firstEntry, rows, columns, scores }) => {
      assert(scores.length >= rows * columns, `${scores.length} scores for ${rows} × ${columns}`);
      for (let row = 0; row < rows; row++) {
        const probe = firstProbe + row;
        const person = probes[probe];
        const self = own?.[probe] ?? -1;
        for (let column = 0; column < columns; column++) {
          const score = scores[row * columns + column] ?? Number.NaN;
          const entry = firstEntry + column;
          if (!Number.isFinite(score)) {
            throw error('metrics/bad-score', {
              what: `probe ${probe} and entry`,
              index: entry,
              score: String(score),
            });
          }
          if (entry === self) continue;
          if (gallery[entry] === person) {
            if (!(score <= (mate[probe] ?? 0))) mate[probe] = score;
          } else if (score >= top.bar(probe)) top.offer(probe, entry, score);
        }
      }
    },
    result: () => {
      const ranks = new Int32Array(probes.length);
      const reached = new Float64Array(most);
      let mated = 0;
      const rival = Array.from({ length: probes.length }, (_, probe) => {
        const rivals = top.of(probe);
        const score = mate[probe] ?? Number.NaN;
        if (!Number.isNaN(score)) {
          mated++;
          const rank = 1 + rivals.filter((other) => other.score >= score).length;
          if (rank <= most) {
            ranks[probe] = rank;
            reached[rank - 1] = (reached[rank - 1] ?? 0) + 1;
          }
        }
        return rivals[0] ?? null;
      });
      let sum = 0;
      const cmc = reached.map((count) => {
        sum += count;
        return sum / mated;
      });
      return {
        mated,
        unmated: probes.length - mated,
        cmc: mated === 0 ? null : cmc,
        ranks,
        mate: mate.slice(),
        rival,
      };
    },
  };
}
