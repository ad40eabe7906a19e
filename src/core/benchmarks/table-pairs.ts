import { type FoundPair, imageTable, somePairs, verificationList } from './image-table.ts';
import { badLine, shown, wholeNumber } from './lines.ts';
import { folderOfFile, keyOf } from './names.ts';
import { readTable, type TableRow } from './table.ts';
import type { BenchmarkPair, VerificationList } from './types.ts';

/** Which columns of a table are what, from 0; null where there is none. */
export interface PairColumns {
  readonly a: number;
  readonly b: number;
  readonly label: number;
  readonly fold: number | null;
  readonly group: number | null;
}

const sameWords = new Set('yes y true t 1 same match matched genuine positive pos mated'.split(' '));
const otherWords = new Set(
  'no n false f 0 -1 different diff mismatch mismatched nonmatch non-match impostor imposter negative neg nonmated non-mated'.split(
    ' ',
  ),
);

/** Whether a label says that two pictures show one person; null where it says neither. */
export function labelOf(word: string): boolean | null {
  const plain = word.trim().toLowerCase();
  if (sameWords.has(plain)) return true;
  return otherWords.has(plain) ? false : null;
}

/**
 * A table of one's own: two pictures and whether they show one person, one pair a row; a fold (from 0 or 1) and a group where
 * columns are called so. Without names of columns the first three are meant. Pictures are paths relative to the list's folder or
 * to that of the pictures. A person is known by its folder where the folders and the labels agree everywhere.
 * Error: benchmark/bad-line.
 */
export function readTablePairs(text: string, file: string): VerificationList {
  const rows = readTable(text, file);
  const named = namedColumns(rows[0]);
  const columns: PairColumns = named ?? { a: 0, b: 1, label: 2, fold: null, group: null };
  const body = named === null ? rows : rows.slice(1);
  const found = somePairs(
    body.map((row) => readRow(row, columns, file)),
    file,
  );
  const byFolder = found.every(({ a, b, same }) => {
    const [one, other] = [folderOfFile(a), folderOfFile(b)];
    return one !== null && other !== null && (one === other) === same;
  });
  const table = imageTable();
  const add = (key: string, group: string | null): number =>
    table.add(key, byFolder ? folderOfFile(key) : null, group);
  const pairs: FoundPair[] = found.map(({ a, b, same, group }) => ({
    a: add(a, group),
    b: add(b, group),
    same,
  }));
  const folds = [...new Set(found.map(({ fold }) => fold))].toSorted(
    (one, other) => (one ?? 0) - (other ?? 0),
  );
  const list = verificationList(table.images, pairs, null);
  if (columns.fold === null) return list;
  const withFolds: BenchmarkPair[] = list.pairs.map((pair, i) => ({
    ...pair,
    fold: folds.indexOf(found[i]?.fold ?? null),
  }));
  return { ...list, pairs: withFolds, folds: folds.length };
}

interface Found {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
  readonly fold: number | null;
  readonly group: string | null;
}

function readRow({ line, fields }: TableRow, columns: PairColumns, file: string): Found {
  const field = (column: number): string => fields[column] ?? '';
  const picture = (column: number): string => {
    const key = keyOf(field(column));
    if (key === null)
      throw badLine(file, line, `${shown(field(column))} in column ${column + 1} is no path of a picture`);
    return key;
  };
  const same = labelOf(field(columns.label));
  if (same === null) {
    const detail = `${shown(field(columns.label))} in column ${columns.label + 1} does not say whether this is one person; yes, no, 1, 0, same or different would`;
    throw badLine(file, line, detail);
  }
  const fold = columns.fold === null ? null : wholeNumber(field(columns.fold));
  if (columns.fold !== null && fold === null)
    throw badLine(
      file,
      line,
      `${shown(field(columns.fold))} in column ${columns.fold + 1} is no number of a fold`,
    );
  const group = columns.group === null || field(columns.group) === '' ? null : field(columns.group);
  return { a: picture(columns.a), b: picture(columns.b), same, fold, group };
}

/** What the first row names; null where it names nothing, for it has files. */
function namedColumns(row: TableRow | undefined): PairColumns | null {
  if (row?.fields.some((field) => /\/|\.\w{2,5}$/.test(field)) !== false) return null;
  const names = row.fields.map((name) => name.toLowerCase());
  const find = (pattern: RegExp, from = 0): number =>
    names.findIndex((name, i) => i >= from && pattern.test(name));
  const isPicture =
    /file|path|image|img|photo|picture|^(left|right|a|b|x|y|first|second|probe|gallery|reference)\d?$/;
  const a = find(isPicture);
  const b = a < 0 ? -1 : find(isPicture, a + 1);
  const label = find(/label|same|decision|match|genuine|target|verdict/);
  if (a < 0 || b < 0 || label < 0 || label === a || label === b) return null;
  const optional = (place: number): number | null =>
    place < 0 || [a, b, label].includes(place) ? null : place;
  return {
    a,
    b,
    label,
    fold: optional(find(/^(fold|split)/)),
    group: optional(find(/group|race|ethnicity|subset|category/)),
  };
}
