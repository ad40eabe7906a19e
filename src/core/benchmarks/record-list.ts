import { LineamentError } from '../base/errors.ts';
import { type DrawnFolds, drawFolds } from './draw-folds.ts';
import { imageTable } from './image-table.ts';
import type { VerificationList } from './types.ts';

/** As LFW has. */
const usual = { pairs: 6000, folds: 10, seed: 0 } as const;

/**
 * A list of the pictures of records (`rec:1` …) whose identities are known and that have no pairs of their own: 6,000 are drawn of them
 * in ten folds that share no person, or as many as there can be; always the same ones.
 * Errors: `benchmark/too-few-people`, `benchmark/too-many-pairs`.
 */
export function recordList(records: readonly number[], labels: Float64Array): VerificationList {
  const keys = records.filter((_, i) => (labels[i] ?? -1) >= 0); // whose identity is known
  const identities = Int32Array.from(labels.filter((label) => label >= 0));
  const drawn = draw(identities);
  const table = imageTable();
  const add = (row: number): number => table.add(`rec:${keys[row] ?? 0}`, String(identities[row] ?? 0));
  const pairs = Array.from(drawn.same, (same, i) => ({
    a: add(drawn.pairs[2 * i] ?? 0),
    b: add(drawn.pairs[2 * i + 1] ?? 0),
    same: same === 1,
    fold: drawn.folds[i] ?? 0,
  }));
  return { kind: 'verification', images: table.images, pairs, folds: usual.folds, training: [], groups: [] };
}

function draw(identities: Int32Array): DrawnFolds {
  try {
    return drawFolds(identities, usual);
  } catch (thrown) {
    const most =
      thrown instanceof LineamentError && thrown.code === 'benchmark/too-many-pairs'
        ? thrown.values['most']
        : 0;
    if (typeof most !== 'number' || most < 2) throw thrown;
    return drawFolds(identities, { ...usual, pairs: most });
  }
}
