import { type EvaluationResult, falseAcceptRates, type ProtocolName } from '../contract/evaluations.ts';
import { protocols } from '../metrics/protocols.ts';
import { type EvaluationReport, inMatrixOrder, matrixOf } from './evaluation-report.ts';
import {
  commandOf,
  errorWords,
  figureText,
  headline,
  headlineName,
  leakLines,
  leftOutText,
  protocolName,
  tarNames,
  tarOf,
} from './evaluation-words.ts';
import { count, percent } from './words.ts';

/** Text that means nothing to Markdown, on one line. */
function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]<>|#~]/g, '\\$&');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function value(result: EvaluationResult | null): string {
  if (result === null) return '–';
  const share = headline(result);
  if (share === null) return 'not measurable';
  const flags = result.outdated ? ' (outdated)' : '';
  return `${percent(share, 2)} ${errorWords(result) ?? headlineName(result)}${flags}`;
}

function matrix(results: readonly EvaluationResult[]): string {
  const { columns, rows, references } = matrixOf(results);
  const heads = ['Model', ...columns.map(({ benchmark, protocol }) => `${plain(benchmark)}, ${protocol}`)];
  return table(heads, [
    ...rows.map(({ name, results: all }) => [plain(name), ...all.map(value)]),
    ...references.map(({ name, percent: shares }) => [
      `*${plain(name)}*`,
      ...shares.map((share) => (share === null ? '–' : `*${share.toFixed(2)}%*`)),
    ]),
  ]);
}

function verificationTable(results: readonly EvaluationResult[]): string {
  const heads = [
    'Model',
    'Benchmark',
    'Protocol',
    'Pairs',
    'Accuracy (95 %)',
    'Threshold',
    'AUC',
    'EER',
    ...tarNames,
  ];
  return table(
    heads,
    results.flatMap((result) => {
      const { subject, benchmark, pairs, verification } = result;
      if (verification === null) return [];
      return [
        [
          ...[plain(subject.name), plain(benchmark.name), protocolName(result), count(pairs)],
          ...[figureText(verification.accuracy), verification.threshold.toFixed(4)],
          ...[figureText(verification.auc), figureText(verification.eer)],
          ...falseAcceptRates.map((rate) => figureText(tarOf(result, rate))),
        ],
      ];
    }),
  );
}

function identificationTable(results: readonly EvaluationResult[]): string {
  const heads = [
    'Model',
    'Benchmark',
    'Protocol',
    'Probes',
    'Gallery',
    'Rank 1',
    'Rank 5',
    'Rank 10',
    ...tarNames,
  ];
  return table(
    heads,
    results.flatMap((result) => {
      const { subject, benchmark, identification } = result;
      if (identification === null) return [];
      const atRank = (rank: number): string => {
        const found = identification.cmc.find(([known]) => known === rank);
        return found === undefined ? '–' : percent(found[1], 2);
      };
      return [
        [
          ...[plain(subject.name), plain(benchmark.name), protocolName(result)],
          ...[count(identification.probes), count(identification.gallery), atRank(1), atRank(5), atRank(10)],
          ...falseAcceptRates.map((rate) => figureText(tarOf(result, rate), false)),
        ],
      ];
    }),
  );
}

function groupTable(results: readonly EvaluationResult[]): string {
  const share = (part: number | null): string => (part === null ? '–' : percent(part, 2));
  const heads = [
    'Model',
    'Benchmark',
    'Protocol',
    'Group',
    'Pairs',
    'Accuracy',
    'FMR',
    'FNMR',
    'By its own folds',
  ];
  return table(
    heads,
    results.flatMap((result) =>
      result.groups.map((one) => [
        ...[plain(result.subject.name), plain(result.benchmark.name), protocolName(result)],
        ...[plain(one.group), count(one.pairs), share(one.accuracy), share(one.fmr), share(one.fnmr)],
        share(one.ownAccuracy),
      ]),
    ),
  );
}

/** A report as Markdown: the matrix, then figures, what is left out, what the protocols are, and how to measure it again. */
export function evaluationMarkdown({ title, version, at, ...report }: EvaluationReport): string {
  const results = inMatrixOrder(report.results);
  const used = [...new Set(results.map(({ protocol }): ProtocolName => protocol))];
  const left = results.flatMap((result) => {
    const text = leftOutText(result);
    return text === ''
      ? []
      : [`- ${plain(result.subject.name)} on ${plain(result.benchmark.name)}: ${text}.`];
  });
  const parts = [
    `# ${plain(title)}`,
    `Lineament ${version}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC. Mean accuracy of the folds ± its standard error; of searches what is found at rank 1. Rows in italics are what papers report.`,
    ...(results.length === 0 ? ['Nothing was measured.'] : [matrix(results)]),
    ...(results.some(({ verification }) => verification !== null)
      ? ['## Verification', verificationTable(results)]
      : []),
    ...(results.some(({ identification }) => identification !== null)
      ? ['## Identification', identificationTable(results)]
      : []),
    ...(results.some(({ groups }) => groups.length > 0) ? ['## Groups', groupTable(results)] : []),
    ...(left.length > 0 ? ['## What is left out', left.join('\n')] : []),
    ...(results.length === 0
      ? []
      : [
          '## What training data and benchmarks share',
          leakLines(results, ({ subject, benchmark }) => `${subject.name} on ${benchmark.name}`)
            .map((line) => `- ${plain(line)}.`)
            .join('\n'),
          '## Protocols',
          used.map((name) => `- **${protocols[name].title}.** ${protocols[name].about}`).join('\n'),
          '## To measure it again',
          table(
            ['Model', 'Its hash', 'Benchmark', 'Its hash', 'Command'],
            results.map((result) => [
              ...[plain(result.subject.name), result.subject.hash.slice(0, 16)],
              ...[plain(result.benchmark.name), result.benchmark.hash.slice(0, 16)],
              `\`${commandOf(result).replaceAll('|', '\\|')}\``,
            ]),
          ),
        ]),
  ];
  return `${parts.join('\n\n')}\n`;
}
