import { error, type LineamentError } from '../base/errors.ts';

/** A line that has something in it. */
export interface TextLine {
  /** From 1, blank ones counted. */
  readonly number: number;
  /** Without white space around it. */
  readonly text: string;
}

/** The lines of a list that have something in them: a blank line ends nothing. A byte order mark is no part of the first. */
export function textLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  let number = 0;
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    number++;
    const trimmed = line.trim();
    if (trimmed !== '') lines.push({ number, text: trimmed });
  }
  return lines;
}

/** The error of a line of a file. Long details are cut: a line may be all of a file that is none. */
export function badLine(file: string, line: number, detail: string): LineamentError {
  return error('benchmark/bad-line', { file, line, detail });
}

/** A part of a file in a message: one line, no more than 60 characters. */
export function shown(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
  return plain.length > 60 ? `“${plain.slice(0, 60)}…”` : `“${plain}”`;
}

/** The fields of a line: between tabs where it has any, else between commas, else between spaces; none of them empty. */
export function fieldsOf(text: string): string[] {
  const between = text.includes('\t') ? '\t' : text.includes(',') ? ',' : /\s+/;
  const fields = text.split(between).map((field) => field.trim());
  while (fields.at(-1) === '') fields.pop();
  return fields;
}

/** The whole number that a field is, from 0 to 2^31 − 1; null where it is anything else. */
export function wholeNumber(field: string | undefined): number | null {
  if (field === undefined || !/^\d{1,10}$/.test(field)) return null;
  const value = Number(field);
  return value < 2 ** 31 ? value : null;
}
