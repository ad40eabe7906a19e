import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import { type PluginKind, pluginFile } from '../../core/plugins/name.ts';
import { declarations } from './declarations.ts';
import { examples } from './examples.ts';
import { contentOf, type PluginContent } from './kept.ts';

/** A file of the plugins folder, as it is now; nothing of it has been run. */
export interface FoundPlugin {
  /** `NAME.KIND`. */
  readonly id: string;
  readonly name: string;
  readonly kind: PluginKind;
  readonly path: string;
  readonly content: PluginContent;
}

/** Longer files are no plugins. */
const mostBytes = 1_000_000;

/** The plugins of a folder, by name; where the same is there as `.ts` and `.js`, the `.ts` counts. */
export function findPlugins(folder: string): readonly FoundPlugin[] {
  const found = new Map<string, FoundPlugin>();
  for (const file of listed(folder)) {
    const [, name, kind] = pluginFile.exec(file) ?? [];
    if (name === undefined || kind === undefined) continue;
    const path = join(folder, file);
    if (!isReadable(path)) continue;
    const id = `${name}.${kind}`;
    const content = contentOf(file, readFileSync(path));
    found.set(id, { id, name, kind: kind as PluginKind, path, content });
  }
  return [...found.values()];
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return []; // there is none before the first plugin
  }
}

function isReadable(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size <= mostBytes;
}

/** Writes an example under that name, and the types beside it. Error: `plugin/exists`. */
export async function newPlugin(folder: string, kind: PluginKind, name: string): Promise<void> {
  const file = `${name}.${kind}.ts`;
  if (findPlugins(folder).some(({ id }) => id === `${name}.${kind}`)) throw error('plugin/exists', { file });
  mkdirSync(folder, { recursive: true });
  await writeFile(join(folder, 'lineament.d.ts'), declarations);
  await writeFile(join(folder, file), examples[kind], { flag: 'wx' });
}
