import { error, type LineamentError } from '../base/errors.ts';
import { type FoundPair, imageTable } from './image-table.ts';
import type { MatValue } from './mat.ts';
import { keyOf } from './names.ts';
import type { BenchmarkPair, VerificationList } from './types.ts';

/**
 * AgeDB's protocols (Moschoglou et al. 2017; 04_FINAL_protocol_30_years.mat): the variable `splits` has a cell for each fold, in
 * it a structure of the pairs (a 2×N cell of structures whose first field is the picture's name without extension) and of the
 * labels (−1 or 0 for two people). A person is what comes between the first two underscores of `16_TomHanks_35_m`.
 * Errors: benchmark/bad-bytes.
 */
export function readAgeDb(variables: ReadonlyMap<string, MatValue>, file: string): VerificationList {
  const fail = (detail: string): LineamentError => error('benchmark/bad-bytes', { file, offset: 0, detail });
  const splits = variables.get('splits');
  if (splits?.kind !== 'cell' || splits.items.length === 0)
    throw fail('it has no cell array “splits”, so that it is no protocol of AgeDB');
  const table = imageTable();
  const pairs = splits.items.flatMap((item, fold): BenchmarkPair[] => {
    const where = `split ${fold + 1}`;
    const element = structOf(unwrapped(item));
    const [names, labels] = element ?? [];
    if (names?.kind !== 'cell' || labels?.kind !== 'numbers') throw fail(`${where} has no names and labels`);
    const [rows = 0, columns = 0] = names.shape;
    if (rows !== 2 || labels.values.length !== columns)
      throw fail(`${where} has ${rows}×${columns} names and ${labels.values.length} labels`);
    return Array.from({ length: columns }, (_, pair) => {
      const picture = (row: number): number => {
        const name = nameOf(names.items[pair * 2 + row]);
        const key = name === null ? null : keyOf(/\.(jpe?g|png)$/i.test(name) ? name : `${name}.jpg`);
        if (key === null) throw fail(`pair ${pair + 1} of ${where} has no name`);
        return table.add(key, key.split('_')[1] ?? null);
      };
      const found: FoundPair = { a: picture(0), b: picture(1), same: (labels.values[pair] ?? 0) > 0 };
      return { ...found, fold };
    });
  });
  if (pairs.length === 0) throw fail('there are no pairs in it');
  return {
    kind: 'verification',
    images: table.images,
    pairs,
    folds: splits.items.length,
    training: [],
    groups: [],
  };
}

/** What is in a cell of one, or the value itself. */
function unwrapped(value: MatValue | undefined): MatValue | undefined {
  return value?.kind === 'cell' && value.items.length === 1 ? unwrapped(value.items[0]) : value;
}

/** The values of a structure of one element. */
function structOf(value: MatValue | undefined): readonly MatValue[] | null {
  return value?.kind === 'struct' && value.elements.length === 1 ? (value.elements[0] ?? null) : null;
}

function nameOf(value: MatValue | undefined): string | null {
  const inner = unwrapped(value);
  const text = inner?.kind === 'text' ? inner : unwrapped(structOf(inner)?.[0]);
  return text?.kind === 'text' && text.text !== '' ? text.text : null;
}
