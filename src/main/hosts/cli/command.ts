import type { Client } from '../../../core/contract/api.ts';

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command is given. */
export interface Call {
  readonly client: Client;
  /** What was typed behind the command's words. */
  readonly words: readonly string[];
  readonly options: Options;
  /** Tells the user how far it is; nothing is told with `--json`. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a command found: the same thing for programs and for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
  /** What was asked for was found, and is bad news: the exit code says so. */
  readonly failed?: boolean;
}

/** An option of a command. */
export interface OptionType {
  readonly type: 'string' | 'boolean';
  readonly about: string;
  /** It may be given several times. */
  readonly multiple?: boolean;
}

/** A command of the command line. */
export interface Command {
  /** The words that call it: `dataset import`. */
  readonly name: string;
  /** What follows them. */
  readonly usage: string;
  readonly about: string;
  /** How many words must and may follow. */
  readonly words: readonly [number, number];
  readonly options?: Readonly<Record<string, OptionType>>;
  run(call: Call): Promise<Answer>;
}

/** The user called a command in a way that it does not understand: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export function text(options: Options, name: string): string | null {
  const value = options[name];
  return typeof value === 'string' ? value : null;
}

/** All that was given for an option that may be given several times. */
export function texts(options: Options, name: string): readonly string[] {
  const value = options[name];
  return typeof value === 'object' ? value : [];
}

/** A whole number of at least `least`. */
export function count(options: Options, name: string, least = 1): number | null {
  const value = text(options, name);
  if (value === null) return null;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least) {
    throw new UsageError(`--${name} takes a whole number of at least ${least}, not “${value}”`);
  }
  return number;
}

/** Numbers with commas between them, as many as one of `counts`. */
export function numbers(options: Options, name: string, counts: readonly number[]): number[] | null {
  const value = text(options, name);
  if (value === null) return null;
  const list = value.split(',').map(Number);
  if (!counts.includes(list.length) || list.some((number) => !Number.isFinite(number))) {
    throw new UsageError(
      `--${name} takes ${counts.join(' or ')} numbers with commas between, not “${value}”`,
    );
  }
  return list;
}

/** One of several words. */
export function oneOf<T extends string>(options: Options, name: string, allowed: readonly T[]): T | null {
  const value = text(options, name);
  if (value === null) return null;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${name} takes ${allowed.join(' or ')}, not “${value}”`);
  return found;
}

/** A face's number. */
export function faceNumber(word: string | undefined): number {
  const number = Number(word);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`“${word}” is no face's number`);
  return number;
}

/** Columns under headings; numbers are set to the right. */
export function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((row) => (row[i] ?? '').length)));
  const right = heads.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(heads), ...cells.map(line)].join('\n');
}
