import { type EvaluationResult, type Figure, falseAcceptRates } from '../contract/evaluations.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { commandOf, rateText, tarOf } from './evaluation-words.ts';

type Cell = string | number | null;

/** Text as RFC 4180 has it; what a spreadsheet would take for a formula is told to be text. */
function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

const interval = (name: string, figure: Figure | null): [string, Cell][] => [
  [name, figure?.value ?? null],
  [`${name}_low`, figure?.low ?? null],
  [`${name}_high`, figure?.high ?? null],
];

/** The columns of a result, always the same ones; what could not be measured is empty. */
function columns(result: EvaluationResult): [string, Cell][] {
  const { subject, benchmark, protocol, options, verification, identification, leak } = result;
  const atRank = (rank: number): number | null =>
    identification?.cmc.find(([known]) => known === rank)?.[1] ?? null;
  return [
    ['id', result.id],
    ['measured_at', new Date(result.createdAt).toISOString()],
    ['model', subject.name],
    ['model_ids', subject.models.join('+')],
    ['model_hash', subject.hash],
    ['run', subject.run?.name ?? null],
    ['step', subject.run?.step ?? null],
    ['benchmark', benchmark.name],
    ['benchmark_hash', benchmark.hash],
    ['kind', benchmark.kind],
    ['protocol', protocol],
    ['flip', options.flip ? 1 : 0],
    ['pairs', result.pairs],
    ['lost', result.lost],
    ['marked', result.marked],
    ['leaked', result.leaked],
    ...interval('accuracy', verification?.accuracy ?? null),
    ['deviation', verification?.deviation ?? null],
    ['standard_error', verification?.standardError ?? null],
    ['threshold', verification?.threshold ?? null],
    ...interval('auc', verification?.auc ?? null),
    ...interval('eer', verification?.eer ?? null),
    ...falseAcceptRates.flatMap((rate) => interval(`tar_at_far_${rateText(rate)}`, tarOf(result, rate))),
    ['rank_1', atRank(1)],
    ['rank_5', atRank(5)],
    ['rank_10', atRank(10)],
    ['probes', identification?.probes ?? null],
    ['gallery', identification?.gallery ?? null],
    ['with_all', result.withAll],
    ['leak_version', leak?.version.hash ?? null],
    ['leak_pictures', leak?.pictures ?? null],
    ['leak_people', leak?.people ?? null],
    ['leak_pairs', leak?.pairs ?? null],
    ['outdated', result.outdated ? 1 : 0],
    ['embedded', result.embedded],
    ['seconds', Number(result.seconds.toFixed(3))],
    ['command', commandOf(result)],
  ];
}

/** One line a result under a line of names, with every digit there is; shares are 0..1. Lines end as RFC 4180 says. */
export function evaluationCsv({ results }: Pick<EvaluationReport, 'results'>): string {
  const table = results.map(columns);
  const names = table[0]?.map(([name]) => name) ?? ['id'];
  const lines = [names.join(','), ...table.map((row) => row.map(([, value]) => cell(value)).join(','))];
  return `${lines.join('\r\n')}\r\n`;
}

/** Everything that is known of the results, for programs. */
export function evaluationJson({ results, version, at, title }: EvaluationReport): string {
  const told = results.map((result) => ({ ...result, command: commandOf(result) }));
  const made = new Date(at).toISOString();
  return `${JSON.stringify({ format: 'lineament evaluations 1', title, version, made, rates: falseAcceptRates, results: told }, null, 2)}\n`;
}
