import { badLine, shown } from './lines.ts';

/**
 * Where records begin in a `.rec`, by their numbers: an `.idx` has `number<tab>offset` a line. Millions of lines are walked through one
 * by one. Error: benchmark/bad-line.
 */
export function readRecordIndex(text: string, file: string): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  for (let at = 0, line = 1; at < text.length; line++) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    const content = text.slice(at, end).trim();
    at = end + 1;
    if (content === '') continue;
    const [, key, offset] = /^(\d{1,15})\s+(\d{1,15})$/.exec(content) ?? [];
    if (key === undefined || offset === undefined)
      throw badLine(file, line, `${shown(content)} is no number and offset of a record`);
    if (offsets.has(Number(key))) throw badLine(file, line, `the record ${key} has come before`);
    offsets.set(Number(key), Number(offset));
  }
  if (offsets.size === 0) throw badLine(file, 1, 'there are no records in this file');
  return offsets;
}

export function writeRecordIndex(offsets: ReadonlyMap<number, number>): string {
  return [...offsets].map(([key, offset]) => `${key}\t${offset}\n`).join('');
}
