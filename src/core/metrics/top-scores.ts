import { assert } from '../base/assert.ts';

/** A rectangle of a score matrix: rows are probes, columns are gallery entries or distractors. */
export interface ScoreBlock {
  /** The probe of the first row. */
  readonly probe: number;
  /** The gallery entry of the first column. */
  readonly entry: number;
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns], larger the more alike. */
  readonly scores: ArrayLike<number>;
}

/** The `k` largest scores of every probe and where they were, from a matrix that comes in pieces. */
export interface TopScores {
  /** A score, which must be a number: that is for the caller to see to. */
  readonly offer: (probe: number, entry: number, score: number) => void;
  /** Of one probe, the best first; of equal ones the lower entry. Fewer than k where fewer were offered. */
  readonly of: (probe: number) => readonly { readonly entry: number; readonly score: number }[];
  /** The lowest score that is kept; −∞ while there is room. What is below it need not be offered. */
  readonly bar: (probe: number) => number;
}

/** Memory: 12 bytes for each of probes × k. Whatever the order of the pieces, the same scores are kept. */
export function topScores(probes: number, k: number): TopScores {
  assert(Number.isInteger(k) && k >= 0, `the best ${k}`);
  const scores = new Float64Array(probes * k); // a heap for each probe, its worst first
  const entries = new Uint32Array(probes * k);
  const sizes = new Uint32Array(probes);

  /** Whether the one is worse than the other: lower, or as high and of a later entry. */
  const worse = (score: number, entry: number, place: number): boolean => {
    const other = scores[place] ?? 0;
    return score < other || (score === other && entry > (entries[place] ?? 0));
  };
  const put = (place: number, score: number, entry: number): void => {
    scores[place] = score;
    entries[place] = entry;
  };

  return {
    bar: (probe) =>
      (sizes[probe] ?? 0) < k ? Number.NEGATIVE_INFINITY : (scores[probe * k] ?? Number.POSITIVE_INFINITY),
    offer: (probe, entry, score) => {
      const base = probe * k;
      const size = sizes[probe] ?? 0;
      if (size < k) {
        let place = size;
        while (place > 0) {
          const parent = (place - 1) >> 1;
          if (!worse(score, entry, base + parent)) break;
          put(base + place, scores[base + parent] ?? 0, entries[base + parent] ?? 0);
          place = parent;
        }
        put(base + place, score, entry);
        sizes[probe] = size + 1;
        return;
      }
      if (k === 0 || worse(score, entry, base)) return;
      let place = 0;
      for (;;) {
        let child = 2 * place + 1;
        if (child >= k) break;
        const next = base + child + 1;
        if (child + 1 < k && worse(scores[next] ?? 0, entries[next] ?? 0, base + child)) child++;
        if (worse(score, entry, base + child)) break;
        put(base + place, scores[base + child] ?? 0, entries[base + child] ?? 0);
        place = child;
      }
      put(base + place, score, entry);
    },
    of: (probe) =>
      Array.from({ length: sizes[probe] ?? 0 }, (_, i) => ({
        entry: entries[probe * k + i] ?? 0,
        score: scores[probe * k + i] ?? 0,
      })).sort((a, b) => b.score - a.score || a.entry - b.entry),
  };
}
