import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright';

const places = [
  process.env['LINEAMENT_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Chromium for browser tests: a named one, Debian's, or the one that Playwright downloaded. Null where there is none. */
export function findChromium(): string | null {
  const found = places.find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  const own = chromium.executablePath();
  return own !== '' && existsSync(own) ? own : null;
}

/** Launches it. Throws where there is none: skip with `describe.skipIf(findChromium() === null)`. */
export async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no chromium was found; set LINEAMENT_CHROMIUM to its path');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Gathers what the page complains about: errors in the console, uncaught errors, answers that failed. */
export function complaints(page: Page): readonly string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
  page.on('pageerror', (thrown) => found.push(String(thrown.stack ?? thrown)));
  page.on('response', (response) => {
    if (response.status() >= 400) found.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  return found;
}

export interface AxeFinding {
  readonly id: string;
  readonly help: string;
  readonly where: readonly string[];
}

interface AxeScope {
  axe?: {
    run(): Promise<{
      violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
    }>;
  };
}

/** Accessibility findings of axe-core for what is shown; empty when there are none. */
export async function axe(page: Page): Promise<readonly AxeFinding[]> {
  const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // The page's CSP allows no script of ours as an element; what the browser's debugger evaluates is not subject to it.
  await page.evaluate(await readFile(source, 'utf8'));
  return page.evaluate(async () => {
    const scope: typeof globalThis & AxeScope = globalThis;
    const result = await scope.axe?.run();
    return (result?.violations ?? []).map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    }));
  });
}
