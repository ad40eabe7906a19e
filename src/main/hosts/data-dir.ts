import { join } from 'node:path';

/** Where Lineament keeps its data unless it is told otherwise: the platform's place for a user's own data. */
export function defaultDataDir(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Lineament');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Lineament');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'lineament');
}
