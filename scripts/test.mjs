// `npm test`: installs and builds what is missing, checks types and style, and runs every test.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureReady, environment, main, modernNode, node, root, say } from './ready.mjs';

const tool = (...parts) => join(root, 'node_modules', ...parts);

await main(async () => {
  ensureReady();
  say('Checking types …');
  node(tool('typescript', 'bin', 'tsc'), ['-b'], { what: 'The type check' });
  node(
    tool('svelte-check', 'bin', 'svelte-check'),
    ['--tsconfig', 'src/renderer/tsconfig.json', '--threshold', 'warning', '--output', 'human'],
    {
      what: 'The type check of the interface',
    },
  );
  say('Checking style …');
  node(tool('@biomejs', 'biome', 'bin', 'biome'), ['check', '--error-on-warnings', '.'], {
    what: 'The style check',
  });
  const tests = spawnSync(modernNode(), [tool('vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)], {
    cwd: root,
    env: environment(),
    stdio: 'inherit',
  });
  process.exitCode = tests.status ?? 1;
});
