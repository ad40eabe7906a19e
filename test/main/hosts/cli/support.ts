import { expect } from 'vitest';
import { run } from '../../../../src/main/hosts/cli/main.ts';

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: readonly string[];
}

/** One command on a data folder, as somebody would type it. `onError` is told of each line on stderr. */
export async function type(
  words: readonly string[],
  dataDir: string,
  options: { readonly signal?: AbortSignal; readonly onError?: (line: string) => void } = {},
): Promise<Printed> {
  const { signal = new AbortController().signal, onError } = options;
  const out: string[] = [];
  const err: string[] = [];
  const code = await run({
    ...{ args: words, env: { LINEAMENT_DATA: dataDir }, signal },
    out: (text) => out.push(text),
    err: (text) => {
      err.push(text);
      onError?.(text);
    },
  });
  return { code, out: out.join('\n'), err };
}

/** The same with --json: one document on stdout, and nothing on stderr. */
export async function json(
  words: readonly string[],
  dataDir: string,
): Promise<{ code: number; value: never }> {
  const { code, out, err } = await type(['--json', ...words], dataDir);
  expect(err).toEqual([]);
  return { code, value: JSON.parse(out) as never };
}
