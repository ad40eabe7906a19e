import { z } from 'zod';
import { type PluginKind, pluginKinds } from '../plugins/name.ts';
import { method } from './method.ts';

/** A user's own backbone, head, sampler or augmentation: one file of code. */
export interface Plugin {
  /** `NAME.KIND`. */
  readonly id: string;
  readonly name: string;
  readonly kind: PluginKind;
  /** As recipes name its present content. */
  readonly recipeName: string;
  readonly path: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  readonly lines: number;
  /**
   * Nothing of a file is run before somebody agreed to its very content; `changed` where that was agreed to in another
   * version.
   */
  readonly state: 'agreed' | 'new' | 'changed';
  /** What it calls itself; null before it was agreed to, and where it does not work. */
  readonly title: string | null;
  /** Why it does not work, as far as that shows without building it; null: it does, or was not agreed to. */
  readonly problem: string | null;
}

export interface Plugins {
  readonly folder: string;
  readonly plugins: readonly Plugin[];
}

/** What came of trying a plugin. */
export interface PluginCheck {
  readonly plugin: Plugin;
  /** What was found, each in a sentence. */
  readonly found: readonly string[];
}

const plugin = z.string().min(1).describe('NAME, or NAME.KIND where several have that name');

export const pluginMethods = {
  /** The files of the plugins folder. Those that were agreed to are loaded; of the others only the text is read. */
  'plugins.list': method(z.object({}))<Plugins>(),
  /** The text of a plugin, to be read before agreeing. */
  'plugins.text': method(z.object({ plugin }))<{ readonly plugin: Plugin; readonly text: string }>(),
  /** Agrees to run that very content. */
  'plugins.agree': method(z.object({ plugin, sha256: z.string().length(64) }))<Plugin>(),
  /** Takes all agreement to a plugin back. */
  'plugins.withdraw': method(z.object({ plugin }))<Plugin>(),
  /** Builds it and takes steps with it on made-up pictures. Error: what is wrong and in which line. */
  'plugins.check': method(z.object({ plugin }))<PluginCheck>(),
  /** Writes an example that works, to begin with, and the types beside it. It is not agreed to. */
  'plugins.new': method(
    z.object({ kind: z.enum(pluginKinds), name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/) }),
  )<Plugin>(),
} as const;
