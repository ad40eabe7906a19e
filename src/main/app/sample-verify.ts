import { defined } from '../../core/base/assert.ts';
import type { Evaluation } from '../../core/contract/runs.ts';
import type { SampleVerification } from '../../core/contract/sample.ts';
import { areaUnderCurve, type ScoredPairs, verify } from '../../core/metrics/verification.ts';
import { rocPoints, thinned } from '../../core/report/roc-points.ts';
import { drawPairs } from '../../core/training/pairs.ts';
import { findRow } from '../store/embeddings.ts';
import type { StoredRun } from '../store/runs.ts';
import type { Context } from './context.ts';
import { trainingData } from './training-data.ts';

/** Points of a curve at most: more can't be told apart in a drawing. */
const mostPoints = 200;

/** Scores of the pairs that a run is verified on, by the embeddings that a model gave their crops. */
export async function scoredPairs(
  context: Pick<Context, 'store' | 'library' | 'shelf'>,
  { recipe }: Pick<StoredRun, 'recipe'>,
  model: string,
): Promise<ScoredPairs> {
  const { store, library } = context;
  const data = trainingData(store, recipe);
  const { heldOut, heldOutIdentities } = data.split;
  // the same pairs as in training
  const { pairs, same } = drawPairs(heldOutIdentities, recipe.validation.pairs, recipe.seed);
  const { id, size } = context.shelf.embedding(model).card;
  const vectors = await library.vectors(id, size);
  const embedded = new Map<number, Float32Array>();
  for (const row of new Set(pairs)) {
    const crop = defined(data.places[heldOut[row] ?? -1], 'a held-out crop').crop;
    const place = defined(findRow(store, id, crop), `the embedding of ${crop}`);
    embedded.set(row, await vectors.read(place, 1));
  }
  const scores = Float32Array.from(same, (_, i) =>
    cosine(embedded.get(pairs[2 * i] ?? -1), embedded.get(pairs[2 * i + 1] ?? -1)),
  );
  return { scores, same };
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  const [one, other] = [defined(a, 'an embedding'), defined(b, 'an embedding')];
  const product = one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
  const lengths = Math.hypot(...one) * Math.hypot(...other);
  return lengths > 0 ? product / lengths : -1;
}

export function verificationOf(pairs: ScoredPairs): SampleVerification {
  const { accuracy, deviation } = verify(pairs);
  return { accuracy, deviation, auc: areaUnderCurve(pairs), roc: thinned(rocPoints(pairs), mostPoints) };
}

/** What is known of a network that isn't there any more: a few points of its curve. */
export function verificationBefore({ accuracy, deviation, auc, tarAtFar }: Evaluation): SampleVerification {
  const points = tarAtFar.toSorted((a, b) => a[0] - b[0]);
  return { accuracy, deviation, auc, roc: [[0, 0], ...points, [1, 1]] };
}
