import { foldedPairs, type ProtocolRule } from './fold-chooser.ts';
import { type FoldSums, foldSums } from './fold-right.ts';
import { foldsOf } from './folds.ts';
import type { PairScores, ScoreKind } from './pair-scores.ts';
import { evolveRule } from './protocol-evolve.ts';
import { facexRule } from './protocol-facex.ts';
import { standardRule } from './protocol-standard.ts';

export const protocolNames = ['evolve', 'facex', 'standard'] as const;
export type ProtocolName = (typeof protocolNames)[number];

export interface ProtocolInfo {
  readonly name: ProtocolName;
  readonly title: string;
  /** What the number means, in a sentence or two. */
  readonly about: string;
  readonly score: ScoreKind;
  /** Whether the embedding of the mirrored crop is added to that of the crop. */
  readonly flip: boolean;
  /** Whether one may choose otherwise about the mirrored crop and still call it this protocol. */
  readonly mayFlip: boolean;
}

export const protocols: Readonly<Record<ProtocolName, ProtocolInfo>> = {
  evolve: {
    name: 'evolve',
    title: 'face.evoLVe',
    about:
      'Embeddings of the crop and of its mirror image are added. Each fold is judged by the one of 400 thresholds of squared distance that is most accurate on the other folds.',
    score: 'squared-distance',
    flip: true,
    mayFlip: false,
  },
  facex: {
    name: 'facex',
    title: 'FaceX-Zoo',
    about:
      'One embedding per crop, compared by cosine. Each fold is judged by the one of 1,000 thresholds that accepts most same-person pairs for the others it lets through on the other folds.',
    score: 'cosine',
    flip: false,
    mayFlip: false,
  },
  standard: {
    name: 'standard',
    title: 'Standard',
    about:
      'Compared by cosine. Each fold is judged by the threshold that is exactly the most accurate on the other folds; no grid of thresholds rounds it.',
    score: 'cosine',
    flip: false,
    mayFlip: true,
  },
};

const rules: Readonly<Record<ProtocolName, ProtocolRule>> = {
  evolve: evolveRule,
  facex: facexRule,
  standard: standardRule,
};

export interface FoldFigure {
  readonly fold: number;
  readonly pairs: number;
  /** Share of the fold that is right, 0..1. Null where the fold is empty or nothing could be learnt on the others. */
  readonly accuracy: number | null;
  /** Chosen on the other folds, in the protocol's own score. Null where they hold nothing. */
  readonly threshold: number | null;
}

export interface ProtocolResult {
  /** Mean over the folds that have a figure, 0..1. Null where none has. */
  readonly accuracy: number | null;
  /** deviation/√folds. Null below two folds. */
  readonly standardError: number | null;
  /** Standard deviation between the folds (n − 1). Null below two folds. */
  readonly deviation: number | null;
  /** Mean of the folds' thresholds. */
  readonly threshold: number | null;
  readonly folds: readonly FoldFigure[];
}

export interface ProtocolOptions {
  /** How many contiguous folds, where the pairs come without; 10 if not said. */
  readonly folds?: number;
  /** Pairs to choose the threshold on alone (LFW's View 1); all others are then one fold, which is judged by it. */
  readonly training?: Pick<PairScores, 'scores' | 'same'> | null;
}

/** The pairs, which are one fold if others are given to choose a threshold on; those come after them as another. */
export function withTraining(pairs: PairScores, { training }: ProtocolOptions): PairScores {
  if (!training) return pairs;
  const [n, more] = [pairs.scores.length, training.scores.length];
  const joined = (one: ArrayLike<number>, other: ArrayLike<number>): number[] => [
    ...Array.from(one),
    ...Array.from(other),
  ];
  return {
    scores: joined(pairs.scores, training.scores),
    same: joined(pairs.same, training.same),
    folds: Int8Array.from({ length: n + more }, (_, i) => (i < n ? 0 : 1)),
  };
}

/**
 * Accuracy of a protocol from its own scores (`protocols[name].score`).
 * Errors: `metrics/bad-score` for a score that is no number.
 */
export function runProtocol(
  name: ProtocolName,
  pairs: PairScores,
  options: ProtocolOptions = {},
): ProtocolResult {
  const once = new Int32Array(withTraining(pairs, options).scores.length).fill(1);
  const { totals, rights, thresholds } = protocolSums(name, pairs, options)(once);
  return summary(
    Array.from(totals, (total, fold) => {
      const threshold = thresholds[fold] ?? Number.NaN;
      const known = !Number.isNaN(threshold);
      return {
        fold,
        pairs: total,
        accuracy: known && total > 0 ? (rights[fold] ?? 0) / total : null,
        threshold: known ? threshold : null,
      };
    }),
  );
}

function summary(folds: readonly FoldFigure[]): ProtocolResult {
  const accuracies = folds.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
  const thresholds = folds.flatMap(({ accuracy, threshold }) =>
    accuracy === null || threshold === null ? [] : [threshold],
  );
  const accuracy = mean(accuracies);
  const deviation =
    accuracy === null || accuracies.length < 2
      ? null
      : Math.sqrt(
          accuracies.reduce((sum, value) => sum + (value - accuracy) ** 2, 0) / (accuracies.length - 1),
        );
  return {
    accuracy,
    standardError: deviation === null ? null : deviation / Math.sqrt(accuracies.length),
    deviation,
    threshold: mean(thresholds),
    folds,
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Prepares the pairs once; the result answers for any weights of the pairs (how often a bootstrap drew each), and of those
 * to choose a threshold on after them.
 */
export function protocolSums(
  name: ProtocolName,
  pairs: PairScores,
  options: ProtocolOptions = {},
): (weights: Int32Array) => FoldSums {
  const all = withTraining(pairs, options);
  const sumsOf = foldSums(foldedPairs(all, foldsOf(all, options.folds)), rules[name]);
  if (!options.training) return sumsOf;
  return (weights) => {
    const { rights, totals, thresholds } = sumsOf(weights);
    return {
      rights: rights.subarray(0, 1),
      totals: totals.subarray(0, 1),
      thresholds: thresholds.subarray(0, 1),
    };
  };
}
