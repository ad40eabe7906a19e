import { error } from '../base/errors.ts';
import { badLine } from './lines.ts';

/** Rows of whole numbers of a file that is too long to be held as text (IJB-C's pairs: 15.7 million lines, 300 MB). */
export interface NumberRows {
  /** The next bytes of the file, cut wherever. */
  push(bytes: Uint8Array): void;
  /** All rows one after the other: [rows, columns]. To be called once, after the last bytes. */
  finish(): { readonly columns: number; readonly values: Int32Array };
}

/** More rows than any benchmark has; eight times IJB-C. */
const mostRows = 2 ** 27;

/**
 * Reads rows of `columns` whole numbers, of 0 to 2^31 − 1, between spaces, tabs or commas; two columns where the third is missing
 * throughout. Blank lines are passed over, and a first line that begins with a letter (names of columns).
 * Errors: benchmark/bad-line, benchmark/too-large.
 */
export function numberRows(file: string, columns: readonly [least: number, most: number]): NumberRows {
  const [least, most] = columns;
  let values = new Int32Array(1024);
  let used = 0;
  let width = 0;
  let line = 1;
  let inRow = 0;
  let digits = 0;
  let value = 0;
  let comment = false;
  let byte = 0;

  const endNumber = (): void => {
    if (digits === 0) return;
    if (inRow >= most) throw badLine(file, line, `there are more than ${most} numbers`);
    if (used === values.length) {
      const larger = new Int32Array(values.length * 2);
      larger.set(values);
      values = larger;
    }
    values[used++] = value;
    inRow++;
    digits = 0;
    value = 0;
  };
  const endLine = (): void => {
    endNumber();
    if (inRow > 0) {
      if (width === 0) width = inRow;
      if (inRow < least || inRow !== width)
        throw badLine(
          file,
          line,
          `there are ${inRow} numbers where there should be ${Math.max(width, least)}`,
        );
      if (used / width > mostRows)
        throw error('benchmark/too-large', {
          file,
          what: 'more rows than a benchmark has',
          offset: byte,
          limit: mostRows,
        });
    }
    inRow = 0;
    comment = false;
    line++;
  };
  return {
    push: (bytes) => {
      for (const code of bytes) {
        byte++;
        if (code === 10) endLine();
        else if (comment) continue;
        else if (code >= 48 && code <= 57) {
          value = value * 10 + (code - 48);
          if (++digits > 10 || value >= 2 ** 31)
            throw badLine(file, line, 'a number is beyond 2,147,483,647');
        } else if (code === 32 || code === 9 || code === 44 || code === 13) endNumber();
        else if (used === 0 && digits === 0 && inRow === 0 && isLetter(code)) comment = true;
        else
          throw badLine(
            file,
            line,
            `there is ${code >= 32 && code < 127 ? `“${String.fromCharCode(code)}”` : `byte ${code}`} where numbers should be`,
          );
      }
    },
    finish: () => {
      endLine();
      return { columns: width, values: values.slice(0, used) };
    },
  };
}

/** Letters, quotation marks, #, and the marks that UTF-8 begins with. */
const isLetter = (code: number): boolean => /[A-Za-z"#_\u00ef\u00bb\u00bf]/.test(String.fromCharCode(code));
