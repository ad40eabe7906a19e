import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of a package, looked for as Node does from the folder `from`, but never above `root`; null if it is not there. */
export function installedPackage(root: string, from: string, name: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === root || folder === dirname(folder)) return null;
  }
}
