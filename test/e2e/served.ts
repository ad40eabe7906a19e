import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { type App, openApp } from '../../src/main/app/open.ts';
import { modelsDir, rendererDir, workerEntry } from '../../src/main/hosts/places.ts';
import { startWebHost } from '../../src/main/hosts/web/host.ts';
import { complaints, findChromium, launch } from '../support/browser.ts';

/** Why browser tests can't run here; null where they can. */
export function missing(): string | null {
  if (findChromium() === null) return 'chromium is not installed';
  if (!existsSync(join(rendererDir, 'index.html'))) return 'the interface is not built';
  if (!existsSync(join(modelsDir, 'index.json'))) return 'the built-in models are not made';
  return null;
}

/** The real application on a data folder of its own, served to a real browser. */
export interface Served {
  readonly app: App;
  readonly url: string;
  readonly browser: Browser;
  /** A new page, its complaints gathered. */
  open(options?: { readonly scheme?: 'light' | 'dark'; readonly width?: number }): Promise<{
    readonly page: Page;
    readonly complaints: readonly string[];
  }>;
  close(): Promise<void>;
}

export async function serveApp(): Promise<Served> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lineament-e2e-'));
  const app = await openApp({ dataDir, host: 'web', version: '0.0.0', modelsDir, workerEntry });
  const host = await startWebHost({ app, port: 0, rendererDir });
  const browser = await launch();
  return {
    app,
    url: host.url,
    browser,
    open: async ({ scheme = 'light', width = 1280 } = {}) => {
      const context = await browser.newContext({
        colorScheme: scheme,
        viewport: { width, height: 860 },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      const found = complaints(page);
      await page.goto(host.url);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      return { page, complaints: found };
    },
    close: async () => {
      await browser.close();
      await host.close();
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
