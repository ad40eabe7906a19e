import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { error } from '../../../core/base/errors.ts';
import { UsageError } from './command.ts';

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A recipe's file as it is written. Errors: `file/cannot-read`, `recipe/not-json`. */
export async function readRecipe(file: string): Promise<unknown> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw error('file/cannot-read', { path, detail }, thrown);
  });
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw error('recipe/not-json', { path, detail }, thrown);
  }
}

/** What stands behind the `=`: JSON where it is some, otherwise the text itself. */
function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function put(json: unknown, path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const at = isRecord(json) ? json : {};
  return { ...at, [first]: put(at[first], rest, value) };
}

/** A recipe with `path=value` put in: `schedule.rate=0.05`, `data.augmentation={"flip":0}`. */
export function withSettings(recipe: unknown, settings: readonly string[]): unknown {
  return settings.reduce<unknown>((json, setting) => {
    const at = setting.indexOf('=');
    const path = setting.slice(0, at).split('.');
    if (at < 1 || path.includes('')) {
      throw new UsageError(`--set takes path=value (schedule.rate=0.05), not “${setting}”`);
    }
    return put(json, path, parsedValue(setting.slice(at + 1)));
  }, recipe);
}
