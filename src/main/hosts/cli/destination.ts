import { resolve } from 'node:path';
import { type Call, text, UsageError } from './command.ts';

/** Options of commands that make a model, beside their own `--out FILE.onnx`. */
export const destination = {
  model: { type: 'string', about: 'its id among the models' },
  'no-install': { type: 'boolean', about: 'write the file only' },
} as const;

/** Where a model goes that is made: among the models, into a file, or both. Throws a UsageError where that is nowhere. */
export function destinationOf({ options }: Call): {
  readonly model: string | null;
  readonly install: boolean;
  readonly path: string | null;
} {
  const out = text(options, 'out');
  const install = options['no-install'] !== true;
  if (!install && out === null) throw new UsageError('--no-install needs --out: where is the file to go?');
  return { model: text(options, 'model'), install, path: out === null ? null : resolve(out) };
}
