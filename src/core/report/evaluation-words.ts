import {
  type EvaluationResult,
  type Figure,
  falseAcceptRates,
  type LeakCount,
} from '../contract/evaluations.ts';
import { protocols } from '../metrics/protocols.ts';
import { count, percent } from './words.ts';

/** How results of evaluations are put into words: the same in every kind of report. */

/** `FaceX-Zoo`, `Standard, flipped`. */
export function protocolName({ protocol, options }: Pick<EvaluationResult, 'protocol' | 'options'>): string {
  const { title, flip } = protocols[protocol];
  return options.flip && !flip ? `${title}, flipped` : title;
}

/** `99.42%`, and with an interval `99.42% (99.10–99.70)`. */
export function figureText(figure: Figure | null, interval = true): string {
  if (figure === null) return 'not measurable';
  const text = percent(figure.value, 2);
  return interval ? `${text} (${intervalText(figure)})` : text;
}

/** `99.10–99.70`, in per cent. */
export function intervalText({ low, high }: Figure): string {
  return `${(low * 100).toFixed(2)}–${(high * 100).toFixed(2)}`;
}

/** The one figure of a result that stands for it: accuracy, or what is found at rank 1; else TAR at the strictest rate. */
export function headline(result: EvaluationResult): number | null {
  const { verification, identification } = result;
  if (verification !== null) return verification.accuracy.value;
  const first = identification?.cmc[0]?.[1];
  return first ?? identification?.tar.findLast(([, rate]) => rate !== null)?.[1] ?? null;
}

/** What `headline` is of this result. */
export function headlineName({ verification, identification }: EvaluationResult): string {
  if (verification !== null) return 'accuracy';
  if ((identification?.cmc.length ?? 0) > 0) return 'rank 1';
  const rate = identification?.tar.findLast(([, found]) => found !== null)?.[0];
  return rate === undefined ? 'nothing' : `TAR at FAR ${rateText(rate)}`;
}

/** `± 0.31`, in points of a percent; null where nothing was verified, or in one fold. */
export function errorWords({ verification }: EvaluationResult): string | null {
  const error = verification?.standardError ?? null;
  return error === null ? null : `± ${(error * 100).toFixed(2)}`;
}

/** `0.001` as `1e-3`. */
export function rateText(rate: number): string {
  return rate.toExponential().replace(/e\+0$/, '');
}

/** What is in no figure, in words; empty where nothing is. */
export function leftOutText({ lost, marked, leaked, withAll, verification }: EvaluationResult): string {
  const of = verification === null ? 'pictures' : 'pairs';
  const parts = [
    ...(lost > 0 ? [`${count(lost)} ${of} without a crop`] : []),
    ...(marked > 0 ? [`${count(marked)} marked as mislabelled`] : []),
    ...(leaked > 0 ? [`${count(leaked)} shared with the training data`] : []),
    ...(withAll !== null ? [`with all of them ${percent(withAll, 2)}`] : []),
  ];
  return parts.join(', ');
}

export function leakText(leak: LeakCount | null): string {
  if (leak === null) return 'not looked for, or the training data is not known';
  const { version, pictures, people, pairs } = leak;
  if (pictures + people + pairs === 0) return `nothing shared with ${version.name}`;
  const of = (number: number, one: string, several: string): string =>
    `${count(number)} ${number === 1 ? one : several}`;
  return `of ${version.name} it has ${of(pictures, 'picture', 'pictures')} and ${of(people, 'person', 'people')}, in ${of(pairs, 'pair', 'pairs')}`;
}

/**
 * What results share with training data, a line for each that was looked at; those where nothing was looked for, or
 * nobody knows in what, are gathered in one line at the end.
 */
export function leakLines(
  results: readonly EvaluationResult[],
  nameOf: (result: EvaluationResult) => string,
): readonly string[] {
  const looked = results.filter(({ leak }) => leak !== null);
  const others = new Set(results.filter(({ leak }) => leak === null).map(nameOf));
  return [
    ...new Set(looked.map((result) => `${nameOf(result)}: ${leakText(result.leak)}`)),
    ...(others.size > 0 ? [`${[...others].join('; ')}: ${leakText(null)}`] : []),
  ];
}

/** Quoted for a shell where it must be. */
function word(text: string): string {
  return /^[\w.,:@%+/=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The command that measures a result again. */
export function commandOf({ subject, benchmark, protocol, options, leak }: EvaluationResult): string {
  const { models } = subject;
  const what = models.length > 1 ? ['--ensemble', models.join('+')] : ['--model', models[0] ?? ''];
  const { flip, resamples, seed, leaks } = options;
  const words = [
    ...['lineament', 'evaluate', ...what, '--benchmark', benchmark.hash.slice(0, 16)],
    ...['--protocol', protocol, ...(flip && protocols[protocol].mayFlip ? ['--flip'] : [])],
    ...['--resamples', String(resamples), '--seed', String(seed), '--leaks', leaks],
    ...(options.trainedOn !== null && leak !== null ? ['--trained-on', leak.version.hash.slice(0, 16)] : []),
    '--again',
  ];
  return words.map(word).join(' ');
}

/** Columns of TAR, in the order of `falseAcceptRates`. */
export const tarNames: readonly string[] = falseAcceptRates.map((rate) => `TAR at FAR ${rateText(rate)}`);

/** TAR at one of `falseAcceptRates`, with its interval where it has one. */
export function tarOf({ verification, identification }: EvaluationResult, rate: number): Figure | null {
  const rates: readonly number[] = falseAcceptRates;
  if (verification !== null) return verification.tar[rates.indexOf(rate)] ?? null;
  const value = identification?.tar.find(([far]) => far === rate)?.[1] ?? null;
  return value === null ? null : { value, low: value, high: value };
}
