import { badLine, fieldsOf, shown, textLines } from './lines.ts';

/** Where records begin in a `.rec`, by their numbers: an `.idx` has `number<tab>offset` a line. Error: benchmark/bad-line. */
export function readRecordIndex(text: string, file: string): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  for (const line of textLines(text)) {
    const [key, offset] = fieldsOf(line.text).map((field) =>
      /^\d{1,15}$/.test(field) ? Number(field) : Number.NaN,
    );
    if (key === undefined || offset === undefined || Number.isNaN(key) || Number.isNaN(offset))
      throw badLine(file, line.number, `${shown(line.text)} is no number and offset of a record`);
    if (offsets.has(key)) throw badLine(file, line.number, `the record ${key} has come before`);
    offsets.set(key, offset);
  }
  if (offsets.size === 0) throw badLine(file, 1, 'there are no records in this file');
  return offsets;
}

export function writeRecordIndex(offsets: ReadonlyMap<number, number>): string {
  return [...offsets].map(([key, offset]) => `${key}\t${offset}\n`).join('');
}
