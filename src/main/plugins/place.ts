import { error, LineamentError } from '../../core/base/errors.ts';

/** A user's own file, as it was read. */
export interface PluginText {
  /** `NAME.KIND.ts`. */
  readonly file: string;
  readonly text: string;
}

/** Its text as a module. Stacks call it `sourceOf`, or where they are written by others, by this. */
export const moduleUrl = (file: string, script: string): string =>
  `data:text/javascript;plugin=${file};base64,${Buffer.from(script).toString('base64')}`;

/** What a plugin's file is called in stacks; its name has no character that means something there. */
export const sourceOf = (file: string): string => `plugin/${file}`;

/** The line of the plugin in a stack, the innermost; null where it is in none. */
export function lineInStack(file: string, stack: string | undefined): number | null {
  const escaped = file.replaceAll('.', '\\.');
  const place = new RegExp(`(?:plugin/${escaped}|plugin=${escaped};base64,[\\w+/=]*):(\\d+)`);
  const line = place.exec(stack ?? '')?.[1];
  return line === undefined ? null : Number(line);
}

/** The first line that has it; null where none has. */
export function lineOf(text: string, what: string | RegExp): number | null {
  const at = typeof what === 'string' ? text.indexOf(what) : text.search(what);
  return at < 0 ? null : text.slice(0, at).split('\n').length;
}

/** `plugin/failed`, which names the file and its line. */
export function failure(
  { file }: PluginText,
  line: number | null,
  detail: string,
  cause?: unknown,
): LineamentError {
  const place = line === null ? file : `${file}, line ${line}`;
  return error('plugin/failed', { place, detail }, cause);
}

/** Frames enough to come from the depth of a layer to the plugin that asked for it. */
const frames = 100;

/**
 * Calls a part of a plugin. What it throws becomes `plugin/failed` with the line of the plugin that led there; errors of
 * plugins that are told already stay as they are.
 */
export function guarded<T>(plugin: PluginText, call: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof LineamentError && thrown.code.startsWith('plugin/')) throw thrown;
    throw failure(plugin, thrownAt(plugin, thrown), messageOf(thrown), thrown);
  } finally {
    Error.stackTraceLimit = before;
  }
}

const thrownAt = ({ file }: PluginText, thrown: unknown): number | null =>
  thrown instanceof Error ? lineInStack(file, thrown.stack) : null;

/** What was thrown, in a sentence. */
export function messageOf(thrown: unknown): string {
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const plain = words.replace(/^assertion failed: /, '').trim();
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}
