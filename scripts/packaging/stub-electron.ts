import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';

/** Marks where Electron's binary keeps its fuses; then a version, their number, and a character for each. */
export const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** More than there are, so that a newer electron-builder finds place for its own. */
const fuseCount = 9;

/**
 * A folder that electron-builder takes for Electron's distribution for Linux, where the real one was not downloaded.
 * What is packed around it is the same; only the program says that it is none.
 */
export async function stubElectron(folder: string, version: string): Promise<string> {
  const resources = join(folder, 'resources');
  const empty = join(folder, 'empty');
  await mkdir(resources, { recursive: true });
  await mkdir(empty);
  await writeFile(join(empty, 'package.json'), '{}');
  await createPackage(empty, join(resources, 'default_app.asar'));
  await rm(empty, { recursive: true });
  const program = Buffer.concat([
    Buffer.from('#!/bin/sh\necho "This is a stub of Electron, for checking packages." >&2\nexit 1\n'),
    Buffer.from(fuseSentinel),
    Buffer.from([1, fuseCount]),
    Buffer.from('0'.repeat(fuseCount)),
  ]);
  await writeFile(join(folder, 'electron'), program, { mode: 0o755 });
  await writeFile(join(folder, 'chrome-sandbox'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await writeFile(join(folder, 'version'), version);
  await writeFile(join(folder, 'LICENSE'), 'stub\n');
  await writeFile(join(folder, 'LICENSES.chromium.html'), 'stub\n');
  return folder;
}
