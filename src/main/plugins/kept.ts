import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { UsedPlugin } from '../../core/plugins/name.ts';
import { writeAtomically } from '../models/files.ts';
import type { PluginText } from './place.ts';

/**
 * Plugins that runs were trained with, in the data folder, `plugins/kept/NAME@HASH.KIND.ts`: what a network was made of is
 * there as long as the network is. Only what the user agreed to gets here.
 */

/** A plugin's text with what identifies it. */
export interface PluginContent extends PluginText {
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
}

export function contentOf(file: string, bytes: Uint8Array): PluginContent {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file, text: new TextDecoder().decode(bytes), sha256 };
}

/** Copies a plugin to where runs find it. */
export async function keepPlugin(dir: string, { file, text, sha256 }: PluginContent): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeAtomically(join(dir, keptFile(file, sha256.slice(0, 12))), text);
}

/** A plugin that was kept; null where it was not, or where its file is not that any more. */
export async function readKept(dir: string, { kind, name, hash }: UsedPlugin): Promise<PluginContent | null> {
  if (hash === undefined) return null;
  for (const ending of ['ts', 'js']) {
    const file = `${name}.${kind}.${ending}`;
    const bytes = await readFile(join(dir, keptFile(file, hash))).catch(() => null);
    if (bytes === null) continue;
    const content = contentOf(file, bytes);
    if (content.sha256.startsWith(hash)) return content;
  }
  return null;
}

/** The same for who cannot go on without. Error: `plugin/missing`. */
export async function requireKept(dir: string | undefined, used: UsedPlugin): Promise<PluginContent> {
  const found = dir === undefined ? null : await readKept(dir, used);
  if (found) return found;
  throw error('plugin/missing', { name: `${used.name}@${used.hash ?? ''}`, kind: used.kind, known: 'none' });
}

const keptFile = (file: string, hash: string): string => file.replace('.', `@${hash}.`);
