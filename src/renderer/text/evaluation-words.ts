import type { Benchmark, BenchmarkKind } from '../../core/contract/benchmarks.ts';
import type { EvaluationResult, Figure, LeakCount } from '../../core/contract/evaluations.ts';
import { protocols } from '../../core/metrics/protocols.ts';
import { count, finePercent, plural, significant } from './format.ts';

export const kindWords: Readonly<Record<BenchmarkKind, string>> = {
  verification: 'Verification',
  megaface: 'Identification',
  templates: 'Templates',
};

/** A protocol, with our own's mirrored crops as one of its own: numbers of different variants are not comparable. */
export const variants = ['evolve', 'facex', 'standard', 'standard+flip'] as const;
export type Variant = (typeof variants)[number];

export function variantOf({ protocol, options }: Pick<EvaluationResult, 'protocol' | 'options'>): Variant {
  return protocol === 'standard' && options.flip ? 'standard+flip' : protocol;
}

export const variantWords: Readonly<Record<Variant, { readonly title: string; readonly about: string }>> = {
  evolve: protocols.evolve,
  facex: protocols.facex,
  standard: protocols.standard,
  'standard+flip': {
    title: 'Standard, mirrored',
    about: `${protocols.standard.about} The embedding of the mirrored crop is added.`,
  },
};

/** The number that stands for a result: accuracy, or the share found first. Null where there is none. */
export function mainFigure(
  result: Pick<EvaluationResult, 'verification' | 'identification'>,
): (Figure & { readonly name: 'accuracy' | 'rank 1'; readonly sure: boolean }) | null {
  const { verification, identification } = result;
  if (verification !== null) return { ...verification.accuracy, name: 'accuracy', sure: true };
  const first = identification?.cmc[0]?.[1];
  return first === undefined ? null : { value: first, low: first, high: first, name: 'rank 1', sure: false };
}

/** “99.42”: per cent without the sign, for tables that say so above. */
export function points(share: number): string {
  return (share * 100).toFixed(2);
}

/** Half of what lies between the ends of an interval: “± 0.31”. */
export function plusMinus({ low, high }: Figure): string {
  return `± ${(((high - low) / 2) * 100).toFixed(2)}`;
}

export function leaks(leak: LeakCount | null): leak is LeakCount {
  return leak !== null && (leak.pictures > 0 || leak.people > 0);
}

/** “14 pictures and 6 people”. */
export function sharedWords({ pictures, people }: Pick<LeakCount, 'pictures' | 'people'>): string {
  const parts = [
    pictures > 0 ? plural(pictures, 'picture', 'pictures') : '',
    people > 0 ? plural(people, 'person', 'people') : '',
  ];
  return parts.filter((part) => part !== '').join(' and ');
}

export interface Badge {
  readonly kind: 'leak' | 'lost' | 'marked' | 'outdated' | 'removed';
  readonly name: string;
  readonly tone: '' | 'warning' | 'bad' | 'accent';
  /** What it means, in a sentence. */
  readonly help: string;
}

/** The same without words: quick, for tables of thousands. */
export function marksOf(result: EvaluationResult): readonly Pick<Badge, 'kind' | 'tone'>[] {
  const marks: Pick<Badge, 'kind' | 'tone'>[] = [];
  if (leaks(result.leak)) marks.push({ kind: 'leak', tone: result.leaked > 0 ? 'warning' : 'bad' });
  if (result.lost > 0) marks.push({ kind: 'lost', tone: '' });
  if (result.marked > 0) marks.push({ kind: 'marked', tone: 'accent' });
  if (result.outdated) marks.push({ kind: 'outdated', tone: 'warning' });
  if (result.benchmark.id === null) marks.push({ kind: 'removed', tone: '' });
  return marks;
}

/** What has to be known about a result before its number is believed. */
export function badgesOf(result: EvaluationResult): readonly Badge[] {
  const badges: Badge[] = [];
  const { leak, leaked, lost, marked, withAll } = result;
  if (leaks(leak)) {
    const shared = `“${leak.version.name}”, which it was trained on, and the benchmark share ${sharedWords(leak)}`;
    badges.push(
      leaked > 0
        ? {
            ...{ kind: 'leak', name: 'leak left out', tone: 'warning' },
            help: `${shared}. The ${plural(leaked, 'pair', 'pairs')} with them are left out; with all pairs it is ${withAll === null ? 'not known' : finePercent(withAll)}.`,
          }
        : {
            ...{ kind: 'leak', name: 'leak', tone: 'bad' },
            help: `${shared}: ${plural(leak.pairs, 'pair', 'pairs')}. The number is too good. Measure again without them.`,
          },
    );
  }
  if (lost > 0) {
    badges.push({
      ...{ kind: 'lost', name: `${count(lost)} lost`, tone: '' },
      help: `${plural(lost, 'pair has', 'pairs have')} a picture without a crop and could not be scored. Published numbers are of all pairs.`,
    });
  }
  if (marked > 0) {
    badges.push({
      ...{ kind: 'marked', name: `${count(marked)} marked`, tone: 'accent' },
      help: `${plural(marked, 'pair is', 'pairs are')} marked as mislabelled and left out${withAll === null ? '' : `; with all pairs it is ${finePercent(withAll)}`}.`,
    });
  }
  if (result.outdated) {
    badges.push({
      ...{ kind: 'outdated', name: 'outdated', tone: 'warning' },
      help: 'The benchmark’s list, crops or marks have changed since. Measure again.',
    });
  }
  if (result.benchmark.id === null) {
    badges.push({
      ...{ kind: 'removed', name: 'benchmark removed', tone: '' },
      help: 'The benchmark was removed since: its pairs can’t be shown any more.',
    });
  }
  return badges;
}

/** A rate on a logarithmic axis: “1”, “0.05”, “2e−4”. */
export function rateWords(rate: number): string {
  if (rate >= 0.01) return significant(rate);
  return rate === 0 ? '0' : rate.toExponential(1).replace('.0', '').replace('e-', 'e−');
}

/** “6,000 pairs · 10 folds · 5,749 people”. */
export function benchmarkFacts(benchmark: Benchmark): string {
  const { pairs, images, people, folds, groups, kind } = benchmark;
  return [
    plural(images, 'picture', 'pictures'),
    kind === 'verification' ? plural(pairs, 'pair', 'pairs') : '',
    people === null ? '' : plural(people, 'person', 'people'),
    folds === null ? '' : plural(folds, 'fold', 'folds'),
    groups.length === 0 ? '' : plural(groups.length, 'group', 'groups'),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Scores of a protocol: cosines, or squared distances of which small ones mean alike. */
export function scoreWords(protocol: EvaluationResult['protocol']): string {
  return protocols[protocol].score === 'cosine' ? 'cosine' : 'squared distance';
}
