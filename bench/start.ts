import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from '../test/support/browser.ts';

/**
 * `node bench/start.ts [--data DIR]`: from starting the built application to its first paint in a browser that is
 * already open, and the memory of the application's process when nothing is asked of it (Linux).
 */
const { values } = parseArgs({ options: { data: { type: 'string' } } });
const own = values.data === undefined ? await mkdtemp(join(tmpdir(), 'lineament-bench-')) : null;
const entry = fileURLToPath(new URL('../dist/main/hosts/cli/entry.js', import.meta.url));

const browser = await launch();
const page = await browser.newPage();
const started = performance.now();
const args = [entry, 'serve', '--data', values.data ?? own ?? ''];
const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  let told = '';
  for await (const chunk of child.stdout) {
    told += String(chunk);
    if (told.includes('\n')) break;
  }
  const served = performance.now() - started;
  const url = /http:\S+/.exec(told)?.[0];
  if (url === undefined) throw new Error(`no address in “${told}”`);
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const shown = performance.now() - started;
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  await wait(5000);
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  console.log(`served after ${served.toFixed(0)} ms`);
  console.log(`first contentful paint ${paint.toFixed(0)} ms after the page was asked for`);
  console.log(`datasets shown ${shown.toFixed(0)} ms after the start`);
  console.log(`memory of the application's process, idle: ${rss.toFixed(0)} MiB`);
} finally {
  child.kill('SIGTERM');
  await once(child, 'exit');
  await browser.close();
  if (own !== null) await rm(own, { recursive: true, force: true });
}
