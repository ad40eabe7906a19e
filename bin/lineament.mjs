#!/usr/bin/env node
// The command line. In a clone it makes ready first what is missing; under an old Node it runs itself with a new one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = new URL('../dist/main/hosts/cli/entry.js', import.meta.url);
const isClone = existsSync(new URL('../src/main', import.meta.url));

async function runHere() {
  await import(entry.href);
}

function runWith(node) {
  const child = spawn(node, [fileURLToPath(entry), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends its signals to both; this one only waits.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

if (isClone) {
  const { ensureReady, main, modernNode } = await import('../scripts/ready.mjs');
  await main(async () => {
    ensureReady();
    const node = modernNode();
    if (node === process.execPath) await runHere();
    else runWith(node);
  });
} else {
  await runHere();
}
