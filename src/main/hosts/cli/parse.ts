import { parseArgs } from 'node:util';
import { type Command, type Options, UsageError } from './command.ts';

export interface Parsed {
  readonly command: Command;
  readonly words: readonly string[];
  readonly options: Options;
}

/** Options that every command has. */
export const globalOptions = {
  data: { type: 'string', about: 'the data folder' },
  json: { type: 'boolean', about: 'print one JSON document and nothing else' },
  help: { type: 'boolean', about: 'show this' },
} as const;

type OptionTypes = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>
>;

function read(args: readonly string[], options: OptionTypes, strict: boolean) {
  try {
    return parseArgs({ args: [...args], options: { ...options }, allowPositionals: true, strict });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Finds the command that the arguments call. Error: `UsageError`. */
export function parse(args: readonly string[], commands: readonly Command[]): Parsed {
  const everything = Object.assign({}, globalOptions, ...commands.map((command) => command.options ?? {}));
  const { positionals } = read(args, everything, false);
  const command = commands
    .filter(({ name }) => name.split(' ').every((word, index) => positionals[index] === word))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (command === undefined) {
    const typed = positionals.slice(0, 2).join(' ');
    throw new UsageError(typed === '' ? 'a command is missing' : `there is no command “${typed}”`);
  }
  const found = read(args, { ...globalOptions, ...command.options }, true);
  const words = found.positionals.slice(command.name.split(' ').length);
  const [least, most] = command.words;
  if (words.length < least || words.length > most) {
    throw new UsageError(`usage: lineament ${command.name} ${command.usage}`.trimEnd());
  }
  return { command, words, options: found.values as Options };
}

/** What can be called, or how one command is. */
export function help(commands: readonly Command[], only: Command | null): string {
  const option = (name: string, type: string, about: string): string =>
    `  --${`${name}${type === 'string' ? ` ${name.toUpperCase()}` : ''}`.padEnd(24)} ${about}`;
  const list = (
    options: Readonly<Record<string, { readonly type: string; readonly about: string }>>,
  ): string[] => Object.entries(options).map(([name, { type, about }]) => option(name, type, about));
  if (only !== null) {
    return [
      `lineament ${only.name} ${only.usage}`,
      only.about,
      '',
      ...list(only.options ?? {}),
      ...list(globalOptions),
    ].join('\n');
  }
  const width = Math.max(...commands.map(({ name, usage }) => `${name} ${usage}`.length));
  return [
    'lineament [--data DIR] [--json] COMMAND',
    '',
    ...commands.map(({ name, usage, about }) => `  ${`${name} ${usage}`.padEnd(width)}  ${about}`),
    '',
    ...list(globalOptions),
  ].join('\n');
}
