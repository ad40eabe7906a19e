import { type FoundPair, imageTable, interleaved, somePairs, verificationList } from './image-table.ts';
import { badLine, shown, type TextLine, textLines } from './lines.ts';
import { folderOfFile, keyOf, personOfFile } from './names.ts';
import type { VerificationList } from './types.ts';

/** Ten in every list of this kind that was published. */
const folds = 10;

/**
 * Lists with two lines to a pair. CPLFW and CALFW (Zheng et al. 2017, 2018): `picture label`, the label 0 for two people, any
 * other number (CALFW: the fold) for one; all pairs of one person come first, and each of the ten folds takes its share of both.
 * SLLFW (Deng et al. 2017): `name/name_0001.jpg` without a label, one person where the folders have one name.
 * Error: benchmark/bad-line.
 */
export function readTwoLinePairs(text: string, file: string): VerificationList {
  const lines = textLines(text);
  const last = lines.at(-1);
  if (last !== undefined && lines.length % 2 !== 0)
    throw badLine(file, last.number, 'it has no second picture: every pair has two lines');
  const table = imageTable();
  const pairs: FoundPair[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    const [first, second] = [readPicture(lines[i], file), readPicture(lines[i + 1], file)];
    if ((first.label === null) !== (second.label === null) || (first.label ?? 0) !== (second.label ?? 0))
      throw badLine(file, second.line, 'its label is not that of the line before, which is of the same pair');
    if (first.label === null && (first.folder === null || second.folder === null))
      throw badLine(
        file,
        first.line,
        'there is neither a label nor a folder to tell whether this is one person',
      );
    const same = first.label === null ? first.folder === second.folder : first.label !== 0;
    pairs.push({ a: table.add(first.key, first.person), b: table.add(second.key, second.person), same });
  }
  somePairs(pairs, file);
  return verificationList(table.images, interleaved(pairs, folds), pairs.length >= folds ? folds : null);
}

interface Picture {
  readonly key: string;
  readonly line: number;
  readonly label: number | null;
  readonly person: string | null;
  readonly folder: string | null;
}

function readPicture(line: TextLine | undefined, file: string): Picture {
  const { number, text } = line ?? { number: 0, text: '' };
  const parts = /^(.*\S)\s+(-?\d{1,9})$/.exec(text);
  const path = parts?.[1] ?? text;
  const key = keyOf(path);
  if (key === null || !/\.[a-z0-9]{2,5}$/i.test(key))
    throw badLine(file, number, `${shown(path)} is no name of a picture`);
  const folder = folderOfFile(key);
  const label = parts === null ? null : Number(parts[2]);
  return { key, line: number, label, folder, person: personOfFile(key) ?? folder };
}
