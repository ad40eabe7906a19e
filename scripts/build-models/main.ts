import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { converterHash, isUpToDate, writeStamp } from './stamp.ts';

/** `node scripts/build-models/main.ts [--out DIR] [--force] [--quiet]`: built-in models into resources/models. */
const root = fileURLToPath(new URL('../..', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(root, 'resources/models') },
      force: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
    },
  });
  const out = path.resolve(values.out);
  const converter = await converterHash([
    path.join(root, 'scripts/build-models'),
    path.join(root, 'src/core/onnx'),
    path.join(root, 'src/core/contract/model-card.ts'),
  ]);
  if (!values.force && (await isUpToDate(out, converter))) {
    if (!values.quiet) console.log('The built-in models are up to date.');
    return;
  }
  // Loaded only now, so that saying "up to date" stays quick.
  const { buildAll } = await import('./build.ts');
  const cache = path.join(root, 'node_modules/.cache/lineament-models');
  const outputs = await buildAll(out, cache, (line) => console.log(line));
  await writeStamp(out, converter, outputs);
}

try {
  await main();
} catch (thrown) {
  const { toErrorInfo } = await import('../../src/core/base/errors.ts');
  const { code, message, hint } = toErrorInfo(thrown);
  console.error(`${code}: ${message}\n${hint}`);
  process.exitCode = 1;
}
