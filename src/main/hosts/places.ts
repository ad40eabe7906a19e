import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The application's own folder: the same distance from here in `src` as in `dist`. */
const root = new URL('../../../', import.meta.url);
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** What lies outside an asar archive is found beside it. */
function unpacked(path: string): string {
  return path.replace(/\bapp\.asar\b(?!\.unpacked)/, 'app.asar.unpacked');
}

export const modelsDir = unpacked(fileURLToPath(new URL('resources/models', root)));
export const rendererDir = fileURLToPath(new URL('dist/renderer', root));
export const workerEntry = new URL(`../workers/entry${extension}`, import.meta.url);

export function version(): string {
  const { version: own } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    version: string;
  };
  return own;
}

/** Where a user's data goes unless `--data` says otherwise: the platform's place for application data. */
export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = homedir();
  switch (platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Lineament');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Lineament');
    default:
      return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'lineament');
  }
}
