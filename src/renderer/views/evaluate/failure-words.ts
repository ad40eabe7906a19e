import type { FailedPair } from '../../../core/contract/evaluations.ts';
import { significant } from '../../text/format.ts';

export const failureKinds = ['false-accepts', 'false-rejects', 'marked'] as const;
export type FailureKind = (typeof failureKinds)[number];

export const failureWords: Readonly<
  Record<FailureKind, { readonly title: string; readonly help: string; readonly none: string }>
> = {
  'false-accepts': {
    title: 'False accepts',
    help: 'Two people who were taken for one, the surest first.',
    none: 'No pair of two people is accepted here.',
  },
  'false-rejects': {
    title: 'False rejects',
    help: 'One person who was taken for two, the surest first.',
    none: 'No pair of one person is refused here.',
  },
  marked: {
    title: 'Marked',
    help: 'Pairs that are marked as mislabelled: left out of new measurements and counted beside them.',
    none: 'No pair is marked as mislabelled.',
  },
};

export function failureKind(text: string | null): FailureKind {
  return failureKinds.find((kind) => kind === text) ?? 'false-accepts';
}

/** What stands under a pair: the score, and whose pictures they are. */
export function seenOf({ same, score, images }: FailedPair): {
  readonly score: string;
  readonly names: string;
} {
  const names = images.map(({ person, key }) => person ?? key);
  return {
    score: score === null ? 'not scored' : significant(score),
    names: same ? (names[0] ?? '') : names.join(', '),
  };
}

/** A pair in words, for those who do not see it; it begins with what the others see. */
export function pairWords(pair: FailedPair): string {
  const { score, names } = seenOf(pair);
  const list = pair.same ? 'one person by the list' : 'two people by the list';
  return `${score} ${names}${pair.marked ? ' marked' : ''}: pair ${pair.pair + 1}, ${list}`;
}
