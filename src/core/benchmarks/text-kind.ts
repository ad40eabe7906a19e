import { fieldsOf, textLines, wholeNumber } from './lines.ts';
import { labelOf } from './table-pairs.ts';

/** The forms that lists of pairs have as text. */
export type PairText = 'lfw' | 'two-lines' | 'table';

/** As much of a list as tells its form. */
export const textKindCharacters = 65_536;

const isPicture = (field: string | undefined): boolean =>
  /\.(jpe?g|png|bmp|webp|tiff?|ppm|pgm)"?$/i.test(field ?? '');

/** What a text's first lines are; null where they are no list of pairs. A last line that may be cut is not looked at. */
export function pairTextKind(text: string): PairText | null {
  const lines = textLines(text);
  const whole = text.length >= textKindCharacters && lines.length > 1 ? lines.slice(0, -1) : lines;
  const rows = whole.slice(0, 40).map(({ text: line }) => line);
  const [first] = rows;
  if (first === undefined) return null;
  const counts = fieldsOf(first).map(wholeNumber);
  const headed = counts.length <= 2 && !counts.includes(null);
  const body = rows.length > 1 ? rows.slice(1) : headed ? [] : rows;
  if (body.length > 0 && body.every(isLfwPair)) return 'lfw';
  if (rows.length > 1 && rows.every(isPictureLine)) return 'two-lines';
  return body.every(isTablePair) && (rows.length > 1 || isTablePair(first)) ? 'table' : null;
}

/** `name 1 4`, `name 1 other 2`. */
function isLfwPair(line: string): boolean {
  const fields = fieldsOf(line);
  const numbers = fields.map(wholeNumber);
  if (fields.some(isPicture) || numbers[1] === null) return false;
  return fields.length === 3 ? numbers[2] !== null : fields.length === 4 && numbers[3] !== null;
}

/** `Name_0001.jpg 1`, `Name/Name_0001.jpg`. */
function isPictureLine(line: string): boolean {
  const path = /^(.*\S)\s+-?\d{1,9}$/.exec(line)?.[1] ?? line;
  return isPicture(path) && path.split(/\.(?:jpe?g|png|bmp|webp|tiff?|ppm|pgm)\b/i).length === 2;
}

/** Two pictures and a label somewhere. */
function isTablePair(line: string): boolean {
  const fields = line.includes(';') && !line.includes('\t') ? line.split(';') : fieldsOf(line);
  return (
    fields.filter(isPicture).length >= 2 &&
    fields.some((field) => labelOf(field.replaceAll('"', '')) !== null)
  );
}
