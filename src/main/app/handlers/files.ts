import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, parse, resolve } from 'node:path';
import { error } from '../../../core/base/errors.ts';
import type { Part } from './part.ts';

const mostEntries = 2000;
const byName = new Intl.Collator('en', { numeric: true }).compare;

/** Looks around on the application's machine, so that a browser elsewhere can choose what to import. */
export function fileHandlers(): Part<'files'> {
  return {
    'files.browse': async ({ path }) => {
      const folder = resolve(path ?? homedir());
      const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
        const detail = thrown instanceof Error ? thrown.message : String(thrown);
        throw error('file/cannot-read', { path: folder, detail }, thrown);
      });
      const shown = entries
        .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
        .map((entry) => ({ name: entry.name, path: join(folder, entry.name), folder: entry.isDirectory() }))
        .sort((a, b) => Number(b.folder) - Number(a.folder) || byName(a.name, b.name));
      const parent = dirname(folder);
      return {
        path: folder,
        parent: parent === folder ? null : parent,
        entries: shown.slice(0, mostEntries),
        truncated: shown.length > mostEntries,
      };
    },
    'files.places': () => {
      const root = parse(process.cwd()).root;
      const places = [
        { name: 'Home', path: homedir() },
        { name: 'Where Lineament was started', path: process.cwd() },
        { name: 'Whole machine', path: root },
      ];
      return places.filter(
        (place, index) => places.findIndex((other) => other.path === place.path) === index,
      );
    },
  };
}
