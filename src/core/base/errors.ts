import { errorsAToH } from './error-catalogue-a-h.ts';
import { errorsIToP } from './error-catalogue-i-p.ts';
import { errorsQToZ } from './error-catalogue-q-z.ts';
import type { ErrorEntry } from './error-entry.ts';

/** Errors that a user may see. Programmer errors are `assert`; a cancelled job is `Cancelled`. */

type Values = Readonly<Record<string, string | number>>;

/** Every error code of the application, in three volumes like a dictionary. Codes are `area/what`. */
export const catalogue = { ...errorsAToH, ...errorsIToP, ...errorsQToZ };

export type ErrorCode = keyof typeof catalogue;

/** The form in which an error crosses a process border or is stored. */
export interface ErrorInfo {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly values: Values;
}

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** An error of the catalogue: a code, the values in its message, and a hint. */
export class LineamentError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly values: Values;

  constructor(info: ErrorInfo, options?: { cause?: unknown }) {
    super(info.message, options);
    this.name = 'LineamentError';
    this.code = info.code;
    this.hint = info.hint;
    this.values = info.values;
  }

  get info(): ErrorInfo {
    return { code: this.code, message: this.message, hint: this.hint, values: this.values };
  }
}

/** Work that the user stopped. It is not a failure. */
export class Cancelled extends Error {
  constructor() {
    super('Cancelled');
    this.name = 'Cancelled';
  }
}

/** A new error of the catalogue, with its message filled in from `values`. */
export function error(code: ErrorCode, values: Values = {}, cause?: unknown): LineamentError {
  const entry: ErrorEntry = catalogue[code];
  const info = { code, message: fill(entry.message, values), hint: entry.hint, values };
  return new LineamentError(info, cause === undefined ? undefined : { cause });
}

/** Any thrown thing as `ErrorInfo`; what is not of the catalogue becomes `app/internal`. */
export function toErrorInfo(thrown: unknown): ErrorInfo {
  if (thrown instanceof LineamentError) return thrown.info;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return error('app/internal', { detail }).info;
}

export function hasCode(thrown: unknown, code: ErrorCode): boolean {
  return thrown instanceof LineamentError && thrown.code === code;
}
