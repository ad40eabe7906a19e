/** Errors that a user may see. Programmer errors are `assert`; a cancelled job is `Cancelled`. */

type Values = Readonly<Record<string, string | number>>;
interface Entry {
  /** What happened; `{name}` is replaced by the value of that name. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Every error code of the application. Codes are `area/what`. Add entries in alphabetical order. */
export const catalogue = {
  'app/internal': {
    message: 'Something went wrong inside Lineament: {detail}',
    hint: 'This is a defect. The log in the data folder has the details.',
  },
  'app/node-too-old': {
    message: 'Lineament needs Node 22.14 or newer; this is Node {version}.',
    hint: 'Start it with `npm start`, which brings its own Node, or install a newer one.',
  },
  'models/bad-source': {
    message: 'The model file {file} cannot be converted: {detail}',
    hint: 'The file is damaged, or of a kind that the converter does not know. Fetch it again, or use another model.',
  },
  'rpc/bad-input': {
    message: 'The input of {method} is not valid: {detail}',
    hint: 'Correct the named field and try again.',
  },
  'rpc/closed': {
    message: 'The connection to the application was closed.',
    hint: 'Start Lineament again, or reload the page.',
  },
  'rpc/malformed': {
    message: 'A message could not be understood: {detail}',
    hint: 'Reload the page; if it happens again, the two sides are of different versions.',
  },
  'rpc/too-large': {
    message: 'A message of {bytes} bytes is larger than the {limit} bytes that are allowed.',
    hint: 'Send less at once.',
  },
  'rpc/unknown-method': {
    message: 'There is no method {method}.',
    hint: 'Reload the page; if it happens again, the two sides are of different versions.',
  },
} as const satisfies Readonly<Record<string, Entry>>;

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
  const entry: Entry = catalogue[code];
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
