import { resolve } from 'node:path';
import { Cancelled, error, toErrorInfo } from '../../../core/base/errors.ts';
import { defaultDataDir } from '../places.ts';
import { type Answer, count, text, UsageError } from './command.ts';
import { commands } from './commands/index.ts';
import { help, type Parsed, parse } from './parse.ts';

/** What the command line reads and writes. */
export interface Terminal {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  out(text: string): void;
  /** Whole lines; with `transient`, one that the next replaces. */
  err(text: string, transient?: boolean): void;
  readonly signal: AbortSignal;
}

/** The exit code. */
async function execute({ command, words, options }: Parsed, terminal: Terminal): Promise<0 | 1> {
  const dataDir = resolve(
    text(options, 'data') ?? terminal.env['LINEAMENT_DATA'] ?? defaultDataDir(terminal.env, process.platform),
  );
  const json = options['json'] === true;
  if (command.name === 'serve') {
    const { serveForever } = await import('./serve.ts');
    const ready = (url: string): void =>
      terminal.out(json ? JSON.stringify({ url }) : `Lineament is at ${url}`);
    await serveForever({ dataDir, port: count(options, 'port', 0) ?? 0, signal: terminal.signal, ready });
    return 0;
  }
  // Loaded late: help and usage errors need no database.
  const { connectTo } = await import('./connection.ts');
  const connection = await connectTo(dataDir);
  let answer: Answer;
  try {
    const progress = (line: string): void => {
      if (!json) terminal.err(line, true);
    };
    const { client } = connection;
    answer = await command.run({ client, words, options, progress, signal: terminal.signal });
  } finally {
    await connection.close();
  }
  // At the very end, so that nothing that fails can print a second document.
  terminal.out(json ? JSON.stringify(answer.json, null, 2) : answer.text);
  return answer.failed ? 1 : 0;
}

/** Runs one command; the result is the exit code: 0 done, 1 an error of the catalogue, 2 a command misused. */
export async function run(terminal: Terminal): Promise<0 | 1 | 2> {
  const json = terminal.args.includes('--json');
  try {
    const wantsHelp = terminal.args.includes('--help') || terminal.args.length === 0;
    if (wantsHelp) {
      const words = terminal.args.filter((arg) => !arg.startsWith('--'));
      const only =
        commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' ')) ?? null;
      terminal.out(help(commands, only));
      return terminal.args.length === 0 ? 2 : 0;
    }
    return await execute(parse(terminal.args, commands), terminal);
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      if (json) terminal.out(JSON.stringify({ error: { code: 'usage', message: thrown.message } }, null, 2));
      else terminal.err(`${thrown.message}\nlineament --help lists the commands.`);
      return 2;
    }
    const info = thrown instanceof Cancelled ? error('job/interrupted').info : toErrorInfo(thrown);
    if (json) terminal.out(JSON.stringify({ error: info }, null, 2));
    else terminal.err(`${info.message}\n${info.hint} (${info.code})`);
    return 1;
  }
}
