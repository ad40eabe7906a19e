import { badLine } from './lines.ts';

/** A row of a table, with the line in which it begins. */
export interface TableRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** What is between the fields of a table. */
export type Separator = '\t' | ',' | ';' | ' ';

/** The separator that the first line has, outside of quotes. */
export function separatorOf(text: string): Separator {
  const first = (/^[^\r\n]*/.exec(text.replace(/^[\ufeff\s]+/, ''))?.[0] ?? '').replaceAll(/"[^"]*"/g, '');
  for (const separator of ['\t', ',', ';'] as const) if (first.includes(separator)) return separator;
  return ' ';
}

/**
 * Rows of comma-separated values (RFC 4180): a field in quotes may hold separators, line ends and doubled quotes. White space
 * around fields is no part of them; blank lines are passed over. Between spaces any number of them counts as one.
 * Error: benchmark/bad-line.
 */
export function readTable(text: string, file: string, separator = separatorOf(text)): TableRow[] {
  const rows: TableRow[] = [];
  const source = text.replace(/^\ufeff/, '');
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const fields: string[] = [];
    const start = line;
    for (let more = true; more; ) {
      while (source[at] === ' ' || (separator !== '\t' && source[at] === '\t')) at++;
      if (source[at] === '"') {
        const quoted = readQuoted(source, at, separator);
        if (quoted === null)
          throw badLine(file, start, 'a quotation mark is not closed, or something follows it');
        fields.push(quoted.field);
        line += quoted.field.split(/\r\n|\n|\r/).length - 1;
        at = quoted.end;
      } else {
        const end = fieldEnd(source, at, separator);
        fields.push(source.slice(at, end).trim());
        at = end;
      }
      more = source[at] === separator;
      if (more) at++;
    }
    if (source[at] === '\r' && source[at + 1] === '\n') at++;
    at++; // the line's end
    line++;
    while (separator === ' ' && fields.length > 1 && fields.at(-1) === '') fields.pop();
    if (fields.some((field) => field !== '')) rows.push({ line: start, fields });
  }
  return rows;
}

function fieldEnd(source: string, from: number, separator: Separator): number {
  let at = from;
  while (at < source.length && source[at] !== separator && source[at] !== '\n' && source[at] !== '\r') at++;
  return at;
}

/** The field in quotes that begins at `from`, and where the separator or line end behind it is; null where there is neither. */
function readQuoted(
  source: string,
  from: number,
  separator: Separator,
): { readonly field: string; readonly end: number } | null {
  let field = '';
  for (let at = from + 1; ; ) {
    const quote = source.indexOf('"', at);
    if (quote < 0) return null;
    field += source.slice(at, quote);
    if (source[quote + 1] === '"') {
      field += '"';
      at = quote + 2;
      continue;
    }
    let end = quote + 1;
    while (separator !== ' ' && source[end] === ' ') end++;
    const next = source[end];
    return next === undefined || next === separator || next === '\n' || next === '\r' ? { field, end } : null;
  }
}
