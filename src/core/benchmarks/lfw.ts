import { assert } from '../base/assert.ts';
import { type FoundPair, groupsOf, imageTable, somePairs, verificationList } from './image-table.ts';
import { badLine, fieldsOf, shown, type TextLine, textLines, wholeNumber } from './lines.ts';
import { keyOf } from './names.ts';
import type { BenchmarkImage, BenchmarkPair, VerificationList } from './types.ts';

export interface LfwOptions {
  /** What the list is called in errors. */
  readonly file: string;
  /** Of the pictures, with its dot. */
  readonly extension?: string;
  /** RFW: the group of all pictures, which is also the folder that theirs are in. */
  readonly group?: string;
}

/** More folds than any protocol has. */
const mostFolds = 1000;

/**
 * LFW's lists of pairs (Huang et al. 2007, README): `name i j` for two pictures of one person, `name i name j` for two people;
 * picture i of a name is `name/name_000i.jpg`. View 2 (pairs.txt) begins with `folds pairs`: each fold has as many pairs of one
 * person and as many others. View 1 (pairsDevTrain.txt) begins with `pairs` alone. RFW's lists have no such line: ten contiguous
 * folds. Between fields are tabs, commas (then a line of column names may come first) or spaces. Error: benchmark/bad-line.
 */
export function readLfwPairs(text: string, options: LfwOptions): VerificationList {
  const { file } = options;
  const lines = textLines(text);
  const header = headerOf(lines[0]);
  const body = header === null && !isColumnNames(lines[0]) ? lines : lines.slice(1);
  const table = imageTable();
  const pairs = body.map((line) => readPair(line, options, table.add));
  somePairs(pairs, file);
  const stated = header === null ? null : header.folds * header.pairs * 2;
  if (stated !== null && stated !== pairs.length) {
    const detail = `it promises ${stated} pairs, half of them of one person, and there are ${pairs.length}`;
    throw badLine(file, lines[0]?.number ?? 1, detail);
  }
  // without a first line: ten folds where there are enough pairs, as RFW has
  const folds = header === null ? (pairs.length >= 10 ? 10 : null) : header.folds;
  return verificationList(table.images, pairs, folds === 1 ? null : folds);
}

interface Header {
  readonly folds: number;
  readonly pairs: number;
}

/** The counts in the first line; null where it has none. */
function headerOf(line: TextLine | undefined): Header | null {
  const fields = fieldsOf(line?.text ?? '');
  const numbers = fields.map(wholeNumber);
  const [first = null, second = null] = numbers;
  if (fields.length === 1 && first !== null) return { folds: 1, pairs: first };
  if (fields.length === 2 && first !== null && second !== null && first >= 1 && first <= mostFolds)
    return { folds: first, pairs: second };
  return null;
}

/** Some write the list as a table with names of columns. */
function isColumnNames(line: TextLine | undefined): boolean {
  const fields = fieldsOf(line?.text ?? '');
  return fields.length >= 3 && fields.every((field) => wholeNumber(field) === null);
}

function readPair(
  line: TextLine,
  options: LfwOptions,
  add: (key: string, person: string, group: string | null) => number,
): FoundPair {
  const { file, extension = '.jpg', group = null } = options;
  const fields = fieldsOf(line.text);
  const picture = (name: string | undefined, number: string | undefined): number => {
    const which = wholeNumber(number);
    if (which === null) throw badLine(file, line.number, `${shown(number ?? '')} is no number of a picture`);
    const key = keyOf(
      `${group === null ? '' : `${group}/`}${name}/${name}_${String(which).padStart(4, '0')}${extension}`,
    );
    if (key === null || name === undefined || /^\.*$|\//.test(name))
      throw badLine(file, line.number, `${shown(name ?? '')} is no name`);
    return add(key, name, group);
  };
  const [first, second, third, fourth] = fields;
  if (fields.length === 3) return { a: picture(first, second), b: picture(first, third), same: true };
  if (fields.length === 4)
    return { a: picture(first, second), b: picture(third, fourth), same: first === third };
  const detail = `a pair has three fields (name, number, number) or four (name, number, name, number); this has ${fields.length}: ${shown(line.text)}`;
  throw badLine(file, line.number, detail);
}

/** LFW's View 1: pairs to choose a threshold on, and others to test it. */
export function joinViews(training: VerificationList, testing: VerificationList): VerificationList {
  const table = imageTable();
  const moved = (list: VerificationList): BenchmarkPair[] => {
    const places = list.images.map(({ key, person, group }) => table.add(key, person, group));
    return list.pairs.map(({ a, b, same }) => ({ a: places[a] ?? 0, b: places[b] ?? 0, same, fold: null }));
  };
  const [pairs, trained] = [moved(testing), moved(training)];
  return {
    ...testing,
    images: table.images,
    pairs,
    folds: null,
    training: trained,
    groups: groupsOf(table.images),
  };
}

/** RFW: the lists of its groups as one, whose folds each have a share of every group. Each keeps its own folds. */
export function joinGroups(lists: readonly VerificationList[]): VerificationList {
  const images: BenchmarkImage[] = [];
  const pairs: BenchmarkPair[] = [];
  for (const list of lists) {
    const start = images.length;
    for (const image of list.images) images.push(image);
    for (const pair of list.pairs) pairs.push({ ...pair, a: pair.a + start, b: pair.b + start });
  }
  assert(new Set(images.map(({ key }) => key)).size === images.length, 'every group has pictures of its own');
  const folds = lists.every((list) => list.folds === lists[0]?.folds) ? (lists[0]?.folds ?? null) : null;
  return {
    kind: 'verification',
    images,
    pairs: folds === null ? pairs.map((pair) => ({ ...pair, fold: null })) : pairs,
    folds,
    training: [],
    groups: groupsOf(images),
  };
}
