import { resolve } from 'node:path';

export interface DesktopArguments {
  readonly dataDir: string;
  readonly development: boolean;
}

/** Reads `--data DIR` (or `--data=DIR`) and `--development`; Chromium's own switches pass by. */
export function desktopArguments(
  argv: readonly string[],
  cwd: string,
  defaultDataDir: string,
): DesktopArguments {
  let dataDir = defaultDataDir;
  for (const [index, argument] of argv.entries()) {
    const value = argument === '--data' ? argv[index + 1] : /^--data=(.+)$/.exec(argument)?.[1];
    if (value !== undefined && value !== '') dataDir = resolve(cwd, value);
  }
  return { dataDir, development: argv.includes('--development') };
}
