import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';

/** A packed application: what lies in the archive, and what beside it. */
export interface Packed {
  /** `resources` of the packed application. */
  readonly resources: string;
  /** Every file, relative to the application's root, with forward slashes. */
  readonly files: readonly string[];
  /** Whether a file lies outside the archive, where native code can open it. */
  unpacked(file: string): boolean;
  /** Writes the whole application, from the archive and beside it, to a folder. */
  extract(folder: string): void;
}

/** Opens what electron-builder wrote to `folder` (`linux-unpacked`, `mac`, …). */
export function openPacked(folder: string): Packed {
  const places = ['resources', 'Lineament.app/Contents/Resources'].map((place) => join(folder, place));
  const resources = places.find((place) => existsSync(join(place, 'app.asar')));
  if (resources === undefined) throw new Error(`There is no app.asar in ${folder}.`);
  const archive = join(resources, 'app.asar');
  const beside = `${archive}.unpacked`;
  const entries = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/').slice(1));
  const folders = new Set(entries.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))));
  return {
    resources,
    files: entries.filter((name) => !folders.has(name)),
    unpacked: (file) => {
      const path = join(beside, file);
      return existsSync(path) && statSync(path).isFile() && statSync(path).size > 0;
    },
    extract: (target) => extractAll(archive, target),
  };
}
