import { type FoundPair, imageTable, somePairs } from './image-table.ts';
import { badLine, fieldsOf, shown, textLines, wholeNumber } from './lines.ts';
import { keyOf } from './names.ts';
import type { BenchmarkPair, VerificationList } from './types.ts';

/** A text and what it is called in errors. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** CFP's Protocol folder (Sengupta et al. 2016). */
export interface CfpTexts {
  /** Pair_list_F.txt: numbers and paths of the frontal pictures. */
  readonly frontal: NamedText;
  /** Pair_list_P.txt: those of the profiles; needed for FP alone. */
  readonly profile: NamedText | null;
  /** Split/FF/NN or Split/FP/NN, in order: one fold each. */
  readonly folds: readonly { readonly same: NamedText; readonly different: NamedText }[];
}

/**
 * CFP's frontal against frontal (FF) or against profile (FP): `i,j` in a fold's file are the numbers of a frontal picture and of
 * another, or of a profile. Error: benchmark/bad-line.
 */
export function readCfp(texts: CfpTexts, kind: 'FF' | 'FP'): VerificationList {
  const first = readNumbered(texts.frontal);
  const second = kind === 'FF' || texts.profile === null ? first : readNumbered(texts.profile);
  const table = imageTable();
  const pairs: BenchmarkPair[] = texts.folds.flatMap(({ same, different }, fold) => {
    const read = (text: NamedText, isSame: boolean): FoundPair[] =>
      readIndices(text, [first, second], isSame, table.add);
    return [...read(same, true), ...read(different, false)].map((pair) => ({ ...pair, fold }));
  });
  somePairs(pairs, texts.folds[0]?.same.file ?? texts.frontal.file);
  const { length } = texts.folds;
  return { kind: 'verification', images: table.images, pairs, folds: length, training: [], groups: [] };
}

/** `number path` a line; paths lead from Protocol up to Data/Images/PERSON/frontal/NN.jpg. */
function readNumbered({ text, file }: NamedText): ReadonlyMap<number, string> {
  const paths = new Map<number, string>();
  for (const { number: line, text: content } of textLines(text)) {
    const [, digits, path = ''] = /^(\d+)\s+(\S.*)$/.exec(content) ?? [];
    const place = wholeNumber(digits);
    const key = keyOf(path);
    if (place === null || key === null) throw badLine(file, line, `${shown(content)} is no number and path`);
    if (paths.has(place)) throw badLine(file, line, `the number ${place} has come before`);
    paths.set(place, key);
  }
  if (paths.size === 0) throw badLine(file, 1, 'there are no pictures in this file');
  return paths;
}

function readIndices(
  { text, file }: NamedText,
  [first, second]: readonly [ReadonlyMap<number, string>, ReadonlyMap<number, string>],
  same: boolean,
  add: (key: string, person: string | null) => number,
): FoundPair[] {
  return textLines(text).map(({ number: line, text: content }) => {
    const fields = fieldsOf(content);
    const picture = (paths: ReadonlyMap<number, string>, field: string | undefined): number => {
      const key = paths.get(wholeNumber(field) ?? -1);
      if (fields.length !== 2 || key === undefined)
        throw badLine(file, line, `${shown(content)} is no pair of numbers of pictures`);
      return add(key, key.split('/').at(-3) ?? null);
    };
    return { a: picture(first, fields[0]), b: picture(second, fields[1]), same };
  });
}
