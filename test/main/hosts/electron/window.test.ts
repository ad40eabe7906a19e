import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Electron's program, if it was downloaded. Only looks at files: requiring the package would start the download. */
function electronProgram(): string | null {
  const require = createRequire(import.meta.url);
  const home = dirname(require.resolve('electron/package.json'));
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(home, 'dist');
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const program = join(dist, names[process.platform] ?? 'electron');
  return existsSync(program) ? program : null;
}

const program = electronProgram();
const built =
  existsSync(join(root, 'dist/main/hosts/electron/app-process.js')) &&
  existsSync(join(root, 'dist/renderer/index.html'));
const display = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined;

// Skipped where Electron's program was not downloaded, nothing is built, or there is no display.
describe.skipIf(program === null || !built || !display)('the real window', () => {
  it('shows the interface, shut off from Node and from the network', { timeout: 60_000 }, async () => {
    const data = await mkdtemp(join(tmpdir(), 'lineament-window-'));
    const electron = await _electron.launch({
      executablePath: program ?? '',
      args: [
        join(root, 'dist/main/hosts/electron/main.js'),
        '--data',
        data,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    });
    try {
      const page = await electron.firstWindow();
      await page.waitForLoadState('domcontentloaded');
      expect(page.url()).toBe('app://lineament/');
      await page.getByRole('navigation').first().waitFor();
      const seen = await page.evaluate(() => ({
        node: ['require', 'process', 'module'].filter((name) => name in globalThis),
        host: Object.keys((globalThis as { lineamentHost?: object }).lineamentHost ?? {}).sort(),
        opened: globalThis.open('https://example.com/') !== null,
      }));
      expect(seen).toEqual({ node: [], host: ['onMenu', 'openPaths', 'pathForFile'], opened: false });
      const outside = await page.evaluate(() =>
        fetch('https://example.com/').then(
          () => 'reached',
          () => 'refused',
        ),
      );
      expect(outside).toBe('refused');
    } finally {
      await electron.close();
      await rm(data, { recursive: true, force: true });
    }
  });
});
