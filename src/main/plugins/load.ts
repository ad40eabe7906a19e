import * as nodeModule from 'node:module';
import { error } from '../../core/base/errors.ts';
import { kit } from '../../core/plugins/kit.ts';
import {
  failure,
  guarded,
  lineInStack,
  lineOf,
  messageOf,
  moduleUrl,
  type PluginText,
  sourceOf,
} from './place.ts';

/**
 * Runs a plugin's file and gives what its `plugin` returns. The file is one module that imports nothing of the disk, so
 * that its text is all that was agreed to. Types are blanked out, which leaves every line where it was. Only to be
 * called for content that the user agreed to run. Errors: `plugin/failed`, `plugin/no-typescript`.
 */
export async function runPlugin(plugin: PluginText): Promise<unknown> {
  const script = `${plugin.file.endsWith('.ts') ? withoutTypes(plugin) : plugin.text}\n//# sourceURL=${sourceOf(plugin.file)}`;
  const url = moduleUrl(plugin.file, script);
  const module: unknown = await import(/* @vite-ignore */ url).catch((thrown: unknown) => {
    throw notLoaded(plugin, thrown);
  });
  const make: unknown = (module as { readonly plugin?: unknown }).plugin;
  if (typeof make !== 'function')
    throw failure(
      plugin,
      lineOf(plugin.text, /^export\b/m),
      'it exports no function “plugin”. A plugin is export function plugin({ layers, ops, … }) { return { … } }.',
    );
  return guarded(plugin, () => make(kit));
}

function withoutTypes(plugin: PluginText): string {
  if (typeof nodeModule.stripTypeScriptTypes !== 'function')
    throw error('plugin/no-typescript', { file: plugin.file, version: process.versions.node });
  try {
    return nodeModule.stripTypeScriptTypes(plugin.text, { mode: 'strip', sourceUrl: sourceOf(plugin.file) });
  } catch (thrown) {
    if (hasNodeCode(thrown, 'ERR_NO_TYPESCRIPT'))
      throw error('plugin/no-typescript', { file: plugin.file, version: process.versions.node }, thrown);
    throw notLoaded(plugin, thrown);
  }
}

function notLoaded(plugin: PluginText, thrown: unknown): Error {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  const said = messageOf(thrown).replace(/ from "data:[^"]*"/, '');
  const [, wanted] = /specifier ["']([^"']+)["']/.exec(said) ?? [];
  if (wanted !== undefined)
    return failure(
      plugin,
      lineOf(plugin.text, wanted),
      `it imports “${wanted}”, and a plugin is one file: put what it needs into it. Types alone are imported as “import type”.`,
      thrown,
    );
  const line = lineInStack(plugin.file, stack) ?? (thrown instanceof SyntaxError ? syntaxLine(plugin) : null);
  return failure(plugin, line, `it cannot be loaded: ${said}`, thrown);
}

/** Where a script's syntax is wrong: the engine does not tell for modules, the remover of types does. */
function syntaxLine({ file, text }: PluginText): number | null {
  try {
    nodeModule.stripTypeScriptTypes(text, { mode: 'strip', sourceUrl: sourceOf(file) });
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? lineInStack(file, thrown.stack) : null;
  }
}

const hasNodeCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;
