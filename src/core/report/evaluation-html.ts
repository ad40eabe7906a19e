import { type EvaluationResult, type Figure, falseAcceptRates } from '../contract/evaluations.ts';
import { protocols } from '../metrics/protocols.ts';
import { curveDrawings } from './evaluation-charts.ts';
import { type EvaluationReport, inMatrixOrder, type MatrixColumn, matrixOf } from './evaluation-report.ts';
import {
  commandOf,
  errorWords,
  figureText,
  headline,
  headlineName,
  intervalText,
  leakLines,
  leftOutText,
  protocolName,
  tarNames,
  tarOf,
} from './evaluation-words.ts';
import { type Html, html } from './html.ts';
import { reportStyle } from './style.ts';
import { count, percent, seconds } from './words.ts';

const nothing: Html = { html: '' };
const share = (part: number | null | undefined): string => (part == null ? '–' : percent(part, 2));

/** A table; columns of `text` are set to the left, the others are numbers. */
function table(heads: readonly string[], rows: readonly (readonly (string | Html)[])[], texts: number): Html {
  const kind = (i: number): string => (i < texts ? '' : 'number');
  const head = heads.map((name, i) => html`<th scope="col" class="${kind(i)}">${name}</th>`);
  const body = rows.map(
    (cells) => html`<tr>${cells.map((cell, i) => html`<td class="${kind(i)}">${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Their exponents are not broken off. */
const rateHeads = tarNames.map((name) => name.replace('e-', 'e\u2011'));

/** A figure over its interval: six rates side by side are wide as it is. */
function figureCell(figure: Figure | null): Html {
  const text = figureText(figure, false);
  if (figure === null) return html`<span class="none">${text}</span>`;
  return html`${text}<small>${intervalText(figure)}</small>`;
}

function cell(result: EvaluationResult | null): Html {
  if (result === null) return html`–`;
  const value = headline(result);
  if (value === null) return html`not measurable`;
  const around = errorWords(result) ?? headlineName(result);
  const outdated = result.outdated ? html` <span class="wrong">outdated</span>` : nothing;
  return html`<strong>${percent(value, 2)}</strong> ${around}${outdated}`;
}

function matrix(results: readonly EvaluationResult[]): Html {
  const { columns, rows, references } = matrixOf(results);
  const heads = ['Model', ...columns.map(({ benchmark, protocol }) => `${benchmark}, ${protocol}`)];
  return table(
    heads,
    [
      ...rows.map(({ name, results: all }) => [name, ...all.map(cell)]),
      ...references.map(({ name, percent: shares }) => [
        html`<em>${name}</em>`,
        ...shares.map((value) => (value === null ? html`–` : html`<em>${value.toFixed(2)}%</em>`)),
      ]),
    ],
    1,
  );
}

function verificationTable(results: readonly EvaluationResult[]): Html {
  const heads = ['Model', 'Protocol', 'Pairs', 'Accuracy (95 %)', 'Threshold', 'AUC', 'EER', ...rateHeads];
  const rows = results.flatMap((result) => {
    const { verification, subject, pairs } = result;
    if (verification === null) return [];
    return [
      [
        ...[subject.name, protocolName(result), count(pairs), figureCell(verification.accuracy)],
        ...[verification.threshold.toFixed(4), figureCell(verification.auc), figureCell(verification.eer)],
        ...falseAcceptRates.map((rate) => figureCell(tarOf(result, rate))),
      ],
    ];
  });
  return rows.length === 0 ? nothing : table(heads, rows, 2);
}

const ranks = [1, 5, 10, 20, 50, 100];

function identificationTable(results: readonly EvaluationResult[]): Html {
  const heads = ['Model', 'Protocol', 'Probes', 'Gallery', ...ranks.map((k) => `Rank ${k}`), ...rateHeads];
  const rows = results.flatMap((result) => {
    const { identification, subject } = result;
    if (identification === null) return [];
    const atRank = (rank: number): string => share(identification.cmc.find(([k]) => k === rank)?.[1]);
    return [
      [
        ...[subject.name, protocolName(result), count(identification.probes), count(identification.gallery)],
        ...ranks.map(atRank),
        ...falseAcceptRates.map((rate) => figureText(tarOf(result, rate), false)),
      ],
    ];
  });
  return rows.length === 0 ? nothing : table(heads, rows, 2);
}

function groupTable(results: readonly EvaluationResult[]): Html {
  const heads = ['Model', 'Protocol', 'Group', 'Pairs', 'Accuracy', 'FMR', 'FNMR', 'By its own folds'];
  const rows = results.flatMap((result) =>
    result.groups.map((one) => [
      ...[result.subject.name, protocolName(result), one.group, count(one.pairs), share(one.accuracy)],
      ...[share(one.fmr), share(one.fnmr), share(one.ownAccuracy)],
    ]),
  );
  return rows.length === 0
    ? nothing
    : html`<p>Groups at one threshold for all, and each by its own folds:</p>${table(heads, rows, 3)}`;
}

function sectionOf(report: EvaluationReport, { benchmark, hash }: MatrixColumn): Html {
  const own = report.results.filter((result) => result.benchmark.hash === hash);
  const columns = Map.groupBy(own, protocolName);
  const drawings = [...columns].map(([protocol, results]) => {
    const drawn = curveDrawings(results, report.curves, ({ subject }) => subject.name);
    return drawn.html === '' ? nothing : html`<h3>${protocol}</h3>${drawn}`;
  });
  const left = own.flatMap((result) => {
    const text = leftOutText(result);
    return text === '' ? [] : [html`<li>${result.subject.name}, ${protocolName(result)}: ${text}</li>`];
  });
  const leaks = leakLines(own, ({ subject }) => subject.name).map((line) => html`<li>${line}</li>`);
  return html`<h2>${benchmark}</h2>
<p class="muted">${hash}</p>
${verificationTable(own)}${identificationTable(own)}${groupTable(own)}${drawings}
${left.length === 0 ? nothing : html`<p>Left out:</p><ul>${left}</ul>`}
<p>Shared with the training data:</p><ul>${leaks}</ul>`;
}

function again(results: readonly EvaluationResult[]): Html {
  const rows = results.map((result) => [
    ...[result.subject.name, html`<code>${result.subject.hash}</code>`, result.benchmark.name],
    ...[html`<code>${commandOf(result)}</code>`, seconds(result.seconds)],
  ]);
  return table(['Model', 'SHA-256 of its file', 'Benchmark', 'Command', 'Time'], rows, 4);
}

/** Results as one HTML page that refers to nothing outside of it, and shows no picture of anybody. */
export function evaluationHtml(report: EvaluationReport): string {
  const { title, version, at } = report;
  const results = inMatrixOrder(report.results);
  const made = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const sections = new Map(matrixOf(results).columns.map((column) => [column.hash, column]));
  const used = [...new Set(results.map(({ protocol }) => protocol))];
  const body =
    results.length === 0
      ? html`<p>Nothing was measured.</p>`
      : html`<p>Mean accuracy of the folds ± its standard error; of searches what is found at rank 1. Below a figure the middle 95 % of the resamples. Rows in italics are what papers report of their own models.</p>
${matrix(results)}
${[...sections.values()].map((column) => sectionOf({ ...report, results }, column))}
<h2>Protocols</h2>
<dl>${used.map((name) => html`<dt>${protocols[name].title}</dt><dd class="prose">${protocols[name].about}</dd>`)}</dl>
<h2>To measure it again</h2>
<p>Import the same benchmark (its hash is the same everywhere) and the same model file, then:</p>
${again(results)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${html`<title>${title}</title>`.html}<style>${reportStyle}
h3 { margin: 18px 0 0; font-size: 15px; } .prose { font-size: 15px; font-weight: 400; margin-bottom: 8px; max-width: 72ch; }
code { font-size: 12px; overflow-wrap: anywhere; } td small { display: block; color: var(--muted); font-size: 12px; }
th.number, .none { white-space: normal; } th { vertical-align: bottom; } td:first-child { min-width: 9em; }
@page { size: A4 landscape; margin: 12mm; }
@media print { body { max-width: none; } .scroll { overflow: visible; } table { font-size: 11px; } td small, th, code { font-size: 10px; }
  th, td { padding-right: 8px; } h3 { break-after: avoid; } }</style></head>
<body>
${html`<h1>${title}</h1><p class="muted">Lineament ${version}, ${made}</p>`.html}
${body.html}
</body></html>
`;
}
