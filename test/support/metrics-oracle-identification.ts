/** Identification by its definitions, on whole score matrices: scores[probe][entry]. */

export type ScoreMatrix = readonly (readonly number[])[];

interface Gallery {
  readonly scores: ScoreMatrix;
  readonly probes: readonly number[];
  readonly gallery: readonly number[];
  readonly own?: readonly number[];
}

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The score of the best mate and those of all others, or null. */
function mates(
  { scores, probes, gallery, own }: Gallery,
  probe: number,
): { mate: number | null; others: number[] } {
  const entries = indices(gallery.length).filter((entry) => entry !== own?.[probe]);
  const score = (entry: number): number => scores[probe]?.[entry] ?? Number.NaN;
  const mated = entries.filter((entry) => gallery[entry] === probes[probe]).map(score);
  const others = entries.filter((entry) => gallery[entry] !== probes[probe]).map(score);
  return { mate: mated.length === 0 ? null : Math.max(...mated), others };
}

/** By probe: its rank, ties counted against it; null where it has no mate. */
export function oracleRanks(setup: Gallery): (number | null)[] {
  return indices(setup.probes.length).map((probe) => {
    const { mate, others } = mates(setup, probe);
    return mate === null ? null : 1 + others.filter((score) => score >= mate).length;
  });
}

/** The most mated probes that any threshold finds at `rank` with alarms for at most `rate` of the unmated. */
export function oracleDir(setup: Gallery, rate: number, rank: number): number | null {
  const ranks = oracleRanks(setup);
  const known = setup.probes.map((_, probe) => mates(setup, probe));
  const all = indices(setup.probes.length);
  const unmated = all.filter((probe) => ranks[probe] === null);
  const mated = all.filter((probe) => ranks[probe] !== null);
  if (mated.length === 0 || unmated.length === 0 || 1 / unmated.length > rate) return null;
  const thresholds = [Number.NEGATIVE_INFINITY, ...new Set(setup.scores.flat())];
  const found = thresholds.map((threshold) => {
    const alarms = unmated.filter((probe) => known[probe]?.others.some((score) => score > threshold));
    if (alarms.length / unmated.length > rate) return 0;
    const hits = mated.filter(
      (probe) => (known[probe]?.mate ?? 0) > threshold && (ranks[probe] ?? 0) <= rank,
    );
    return hits.length / mated.length;
  });
  return Math.max(...found);
}

/**
 * MegaFace: `alike[gallery][probe]` among pictures of probes, `distractors[probe][distractor]`. A hit at rank k: as
 * alike as the k-th largest distractor at least, or fewer than k distractors.
 */
export function oracleMegaFace(
  identities: readonly number[],
  alike: ScoreMatrix,
  distractors: ScoreMatrix,
  rates: readonly number[],
  most: number,
) {
  const pairs = indices(identities.length).flatMap((probe) =>
    indices(identities.length)
      .filter((gallery) => gallery !== probe && identities[gallery] === identities[probe])
      .map((gallery) => ({ gallery, probe, score: alike[gallery]?.[probe] ?? Number.NaN })),
  );
  const hit = (k: number): number =>
    pairs.filter(({ probe, score }) => {
      const sorted = [...(distractors[probe] ?? [])].sort((a, b) => b - a);
      return score >= (sorted[k - 1] ?? Number.NEGATIVE_INFINITY);
    }).length / pairs.length;
  const negatives = distractors.flat();
  const tar = rates.map((rate) => {
    if (negatives.length === 0 || pairs.length === 0 || 1 / negatives.length > rate) return null;
    const thresholds = [...negatives, ...pairs.map(({ score }) => score - 1e-12), Number.NEGATIVE_INFINITY];
    return Math.max(
      ...thresholds
        .filter((t) => negatives.filter((score) => score > t).length / negatives.length <= rate)
        .map((t) => pairs.filter(({ score }) => score > t).length / pairs.length),
    );
  });
  return { pairs, cmc: indices(most).map((k) => hit(k + 1)), tar };
}
