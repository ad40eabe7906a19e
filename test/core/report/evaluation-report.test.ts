import { describe, expect, it } from 'vitest';
import type { EvaluationResult } from '../../../src/core/contract/evaluations.ts';
import { evaluationCsv, evaluationJson } from '../../../src/core/report/evaluation-csv.ts';
import { evaluationCurves } from '../../../src/core/report/evaluation-curves.ts';
import { evaluationHtml } from '../../../src/core/report/evaluation-html.ts';
import { evaluationMarkdown } from '../../../src/core/report/evaluation-markdown.ts';
import { inMatrixOrder, matrixOf } from '../../../src/core/report/evaluation-report.ts';
import { commandOf } from '../../../src/core/report/evaluation-words.ts';

const figure = (value: number) => ({ value, low: value - 0.01, high: value + 0.005 });

function resultOf(
  id: number,
  name: string,
  accuracy: number,
  more: Partial<EvaluationResult> = {},
): EvaluationResult {
  return {
    ...{ id, createdAt: 1_700_000_000_000 + id, protocol: 'facex' },
    subject: { hash: name.padEnd(64, 'a').slice(0, 64), name, models: [`m${id}`], run: null },
    benchmark: { id: 1, name: 'LFW', hash: 'b'.repeat(64), kind: 'verification' },
    options: { flip: false, resamples: 1000, seed: 0, leaks: 'count', trainedOn: null },
    ...{
      pairs: 6000,
      lost: 0,
      marked: 0,
      leaked: 0,
      groups: [],
      identification: null,
      withAll: null,
      leak: null,
    },
    verification: {
      ...{ accuracy: figure(accuracy), deviation: 0.004, standardError: 0.0012, threshold: 0.31 },
      ...{ folds: [], auc: figure(0.999), eer: figure(0.008), resampled: 'identities' },
      tar: [figure(0.99), figure(0.98), figure(0.9), null, null, null],
    },
    ...{ seconds: 1.5, embedded: 12, outdated: false },
    ...more,
  };
}

const report = (results: readonly EvaluationResult[]) => ({
  ...{ title: 'Report <1>', results, curves: [], version: '1.2.3', at: Date.UTC(2026, 0, 2, 3, 4) },
});

/** A small reader of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('the matrix of results', () => {
  it('has the best first, the newest of each, and rows of papers where they have the benchmark', () => {
    const old = resultOf(1, 'first', 0.5);
    const { columns, rows, references } = matrixOf([
      resultOf(3, 'first', 0.98),
      resultOf(2, 'second', 0.99),
      old,
    ]);
    expect(columns).toEqual([{ benchmark: 'LFW', hash: 'b'.repeat(64), protocol: 'FaceX-Zoo' }]);
    expect(rows.map(({ name, results }) => [name, results[0]?.id])).toEqual([
      ['second', 2],
      ['first', 3],
    ]);
    expect(references.length).toBeGreaterThan(10);
    expect(references.every(({ name }) => name.startsWith('FaceX-Zoo'))).toBe(true);
    expect(references.find(({ name }) => name.includes('ResNet50-ir'))?.percent).toEqual([99.78]);
  });

  it('gives the order of tables: by benchmark, protocol and model', () => {
    const mine = { ...resultOf(0, 'x', 0).benchmark, name: 'A', hash: 'c'.repeat(64) };
    const all = [
      ...[resultOf(1, 'worse', 0.8), resultOf(2, 'better', 0.9, { protocol: 'standard' })],
      ...[resultOf(3, 'better', 0.5), resultOf(4, 'worse', 0.7, { benchmark: mine })],
      ...[resultOf(5, 'better', 0.99, { benchmark: mine }), resultOf(6, 'worse', 0.1)],
    ];
    expect(inMatrixOrder(all).map(({ id }) => id)).toEqual([5, 4, 3, 1, 6, 2]);
    expect(inMatrixOrder([])).toEqual([]);
  });

  it('tells models of one name apart, and leaves empty what was not measured', () => {
    const other = resultOf(2, 'net', 0.9, { subject: { ...resultOf(2, 'x', 0).subject, name: 'net' } });
    const elsewhere = { ...other.benchmark, name: 'Mine', hash: 'c'.repeat(64) };
    const { rows, references } = matrixOf([resultOf(1, 'net', 0.8), { ...other, benchmark: elsewhere }]);
    expect(rows.map(({ name }) => name)).toEqual(['net (netaaaaa)', 'net (xaaaaaaa)']);
    expect(rows.map(({ results }) => results.map((one) => one?.id ?? null))).toEqual([
      [1, null],
      [null, 2],
    ]);
    expect(references[0]?.percent).toEqual([expect.any(Number), null]);
  });
});

describe('reports', () => {
  const strange = resultOf(7, '=HYPERLINK("x"), a|b', 0.97, {
    ...{ lost: 3, marked: 2, leaked: 5, withAll: 0.9612 },
    leak: { version: { id: 1, name: 'Cast', hash: 'd'.repeat(64) }, pictures: 1, people: 2, pairs: 40 },
    groups: [
      { group: 'A & B', pairs: 9, accuracy: 0.9, fmr: 0.1, fnmr: null, ownThreshold: 0.3, ownAccuracy: 0.91 },
    ],
  });

  it('are CSV with every digit, where nothing is a formula', () => {
    const [heads = [], first = [], second = []] = parseCsv(
      evaluationCsv(report([strange, resultOf(8, 'b', 0.123456789)])),
    );
    const at = (row: string[], name: string): string | undefined => row[heads.indexOf(name)];
    expect(at(first, 'model')).toBe(`'=HYPERLINK("x"), a|b`);
    expect([at(first, 'lost'), at(first, 'leak_pairs'), at(first, 'with_all')]).toEqual([
      '3',
      '40',
      '0.9612',
    ]);
    expect([at(second, 'accuracy'), at(second, 'tar_at_far_1e-4')]).toEqual(['0.123456789', '']);
    expect(first.length).toBe(heads.length);
  });

  it('are JSON that holds everything and how to measure it again', () => {
    const { results, version } = JSON.parse(evaluationJson(report([strange]))) as {
      results: (EvaluationResult & { command: string })[];
      version: string;
    };
    const [{ command, ...told } = { ...strange, command: '' }] = results;
    expect([told, version]).toEqual([strange, '1.2.3']);
    expect(command).toBe(commandOf(strange));
  });

  it('are Markdown whose tables hold together', () => {
    const text = evaluationMarkdown(report([strange, resultOf(8, 'b', 0.9)]));
    const tables = text.split('\n\n').filter((part) => part.startsWith('|'));
    expect(tables.length).toBeGreaterThan(3);
    for (const lines of tables.map((one) => one.trim().split('\n'))) {
      const cells = lines.map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(cells).size).toBe(1);
    }
    expect(text).toContain('97.00% (96.00–97.50)');
    expect(text).toContain('not measurable');
    expect(text).toContain(
      '2 marked as mislabelled, 5 shared with the training data, with all of them 96.12%',
    );
    expect(text).toContain('of Cast it has 1 picture and 2 people, in 40 pairs');
    expect(evaluationMarkdown(report([]))).toContain('Nothing was measured.');
  });

  it('gather in one line where nothing was looked for', () => {
    const others = ['first', 'second', 'second'].map((name, i) => resultOf(i, name, 0.9));
    const told = 'not looked for, or the training data is not known';
    const text = evaluationMarkdown(report([strange, ...others]));
    expect(text.split('\n').filter((line) => line.includes(told))).toEqual([
      `- first on LFW; second on LFW: ${told}.`,
    ]);
    expect(evaluationHtml(report([strange, ...others]))).toContain(`<li>first; second: ${told}</li>`);
  });

  it('are a page that needs nothing else, with curves', () => {
    const scores = Array.from({ length: 400 }, (_, i) => Math.sin(i * 12.9898) / 2 + (i % 2) * 0.6);
    const curve = evaluationCurves({ scores, same: scores.map((_, i) => i % 2) }, 'cosine', 300);
    expect(curve.roc.length).toBeLessThanOrEqual(300);
    const page = evaluationHtml({ ...report([strange]), curves: [{ id: 7, ...curve }] });
    expect(page).toContain('<title>Report &lt;1&gt;</title>');
    expect(page).toContain('=HYPERLINK(&quot;x&quot;), a|b');
    expect(page.match(/<svg viewBox/g)).toHaveLength(2);
    expect(page).not.toMatch(/NaN|undefined|<img|https?:|<script|src=|url\(/);
    expect(page).toContain('A &amp; B');
    expect(evaluationHtml(report([]))).toContain('Nothing was measured.');
  });

  it('say how to measure it again, quoted for a shell', () => {
    const subject = { ...strange.subject, models: ["it's", 'b'] };
    const options = { ...strange.options, flip: true, trainedOn: 4 };
    expect(commandOf({ ...strange, subject, options, protocol: 'standard' })).toBe(
      `lineament evaluate --ensemble 'it'\\''s+b' --benchmark ${'b'.repeat(16)} --protocol standard --flip --resamples 1000 --seed 0 --leaks count --trained-on ${'d'.repeat(16)} --again`,
    );
  });
});
