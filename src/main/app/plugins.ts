import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { error, LineamentError } from '../../core/base/errors.ts';
import type { AbortSignalLike } from '../../core/contract/api.ts';
import { backboneInfo } from '../../core/contract/backbone-info.ts';
import type { Plugin, PluginCheck } from '../../core/contract/plugins.ts';
import {
  type NamesPlugins,
  type PluginKind,
  pluginName,
  pluginNameOf,
  type UsedPlugin,
  usedPlugins,
} from '../../core/plugins/name.ts';
import type { Extras } from '../../core/recipe/extras.ts';
import type { PluginCheckSetup } from '../jobs/check-plugin.ts';
import { asAugmentation } from '../plugins/augmentation.ts';
import { type FoundPlugin, findPlugins, newPlugin } from '../plugins/folder.ts';
import { keepPlugin, type PluginContent, readKept } from '../plugins/kept.ts';
import { runPlugin } from '../plugins/load.ts';
import { asBackbone, asHead } from '../plugins/networks.ts';
import { asSampler } from '../plugins/sampler.ts';
import { pluginExtras } from '../plugins/use.ts';
import type { Store } from '../store/database.ts';
import { runJob } from '../workers/run.ts';
import { abortSignal } from './abort.ts';
import type { EventHub } from './events.ts';
import { openConsent } from './plugin-consent.ts';

/** Users' own backbones, heads, samplers and augmentations: files of the data folder's `plugins`. */
export interface Plugins {
  readonly folder: string;
  /** Where those are kept that runs were trained with. */
  readonly keptDir: string;
  list(): Promise<readonly Plugin[]>;
  /** By name or `NAME.KIND`. Error: `plugin/missing`. */
  text(wanted: string): Promise<{ readonly plugin: Plugin; readonly text: string }>;
  /** Error besides: `plugin/moved-on`. */
  agree(wanted: string, sha256: string): Promise<Plugin>;
  withdraw(wanted: string): Promise<Plugin>;
  /** Errors besides: `plugin/not-agreed`, and what is wrong with it. */
  check(wanted: string, signal: AbortSignalLike): Promise<PluginCheck>;
  /** Error: `plugin/exists`. */
  create(kind: PluginKind, name: string): Promise<Plugin>;
  /** The name with the hash of the plugin's present content; any other as it is. */
  wholeName(kind: PluginKind, name: string): string;
  /** The networks and heads that can be trained with. */
  extras(): Promise<Extras>;
  /**
   * Those that a recipe names, to train with now. Errors: `plugin/missing`, `plugin/not-agreed`, `plugin/changed`,
   * `plugin/failed`, `plugin/no-typescript`.
   */
  extrasOf(recipe: NamesPlugins): Promise<Extras>;
  /** Copies a recipe's plugins to where the run's process finds them. Errors as of `extrasOf`. */
  keep(recipe: NamesPlugins): Promise<void>;
  /** Error: `plugin/not-agreed`, where a recipe names one that must not be run, as it was kept. */
  permit(recipe: NamesPlugins): void;
}

export interface PluginsContext {
  readonly dataDir: string;
  readonly store: Store;
  readonly events: EventHub;
  readonly workerEntry: URL;
}

export function openPlugins({ dataDir, store, events, workerEntry }: PluginsContext): Plugins {
  const folder = join(dataDir, 'plugins');
  const keptDir = join(folder, 'kept');
  const consent = openConsent(store);
  const files = (): readonly FoundPlugin[] => findPlugins(folder);
  const isAgreed = ({ id, content }: FoundPlugin): boolean => consent.of(id).includes(content.sha256);

  const find = (wanted: string): FoundPlugin => {
    const found = files().filter(({ id, name }) => id === wanted || name === wanted.replace(/^plugin:/, ''));
    const [one] = found;
    if (one && found.length === 1) return one;
    const known = (found.length > 1 ? found : files()).map(({ id }) => id).join(', ') || 'none';
    throw error('plugin/missing', { name: wanted, kind: 'asked for', known });
  };

  const present = async (found: FoundPlugin): Promise<Plugin> => {
    const { id, name, kind, path, content } = found;
    const { sha256, text } = content;
    const agreed = isAgreed(found);
    const looked = agreed ? await look(found) : { title: null, problem: null };
    const state = agreed ? 'agreed' : consent.of(id).length > 0 ? 'changed' : 'new';
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    return { id, name, kind, path, sha256, lines, state, ...looked, recipeName: pluginNameOf(name, sha256) };
  };

  /** What a run with a plugin may use now. */
  const usable = async (used: UsedPlugin): Promise<PluginContent> => {
    const id = `${used.name}.${used.kind}`;
    const there = files().find((one) => one.id === id);
    if (there && (used.hash === undefined || there.content.sha256.startsWith(used.hash))) {
      const { file, sha256 } = there.content;
      if (!isAgreed(there)) throw error('plugin/not-agreed', { file, sha256: sha256.slice(0, 12) });
      return there.content;
    }
    if (there && used.hash !== undefined) {
      const { file, sha256 } = there.content;
      throw error('plugin/changed', { file, actual: sha256.slice(0, 12), wanted: used.hash });
    }
    const kept = await readKept(keptDir, used);
    if (kept) {
      permitted(used);
      return kept;
    }
    const known = files()
      .filter(({ kind }) => kind === used.kind)
      .map(({ name }) => name)
      .join(', ');
    throw error('plugin/missing', { name: used.name, kind: used.kind, known: known || 'none' });
  };
  const permitted = ({ kind, name, hash = '' }: UsedPlugin): void => {
    if (consent.of(`${name}.${kind}`).some((sha256) => sha256.startsWith(hash))) return;
    throw error('plugin/not-agreed', { file: `${name}.${kind}`, sha256: hash });
  };
  const contentsOf = async (recipe: NamesPlugins) => {
    const contents = [];
    for (const used of usedPlugins(recipe)) contents.push({ kind: used.kind, content: await usable(used) });
    return contents;
  };

  return {
    folder,
    keptDir,
    list: async () => {
      const all: Plugin[] = [];
      for (const found of files()) all.push(await present(found));
      return all;
    },
    text: async (wanted) => {
      const found = find(wanted);
      return { plugin: await present(found), text: found.content.text };
    },
    agree: async (wanted, sha256) => {
      const found = find(wanted);
      const { file, sha256: actual } = found.content;
      if (actual !== sha256) throw error('plugin/moved-on', { file, actual: actual.slice(0, 12) });
      consent.agree(found.id, sha256);
      events.changed('plugins');
      return await present(found);
    },
    withdraw: async (wanted) => {
      const found = find(wanted);
      consent.withdraw(found.id);
      events.changed('plugins');
      return await present(found);
    },
    check: async (wanted, signal) => {
      const found = find(wanted);
      const { file, sha256 } = found.content;
      if (!isAgreed(found)) throw error('plugin/not-agreed', { file, sha256: sha256.slice(0, 12) });
      const setup: PluginCheckSetup = {
        ...{ kind: found.kind, content: found.content, threads: availableParallelism() },
      };
      const sentences: string[] = [];
      await runJob({
        ...{ entry: workerEntry, kind: 'check-plugin', setup, signal: abortSignal(signal) },
        host: { found: async (sentence: string) => void sentences.push(sentence) },
        onProgress: () => {},
        onLog: () => {},
      });
      return { plugin: await present(found), found: sentences };
    },
    create: async (kind, name) => {
      await newPlugin(folder, kind, name);
      events.changed('plugins');
      return await present(find(`${name}.${kind}`));
    },
    wholeName: (kind, name) => {
      const [, short, hash] = pluginName.exec(name) ?? [];
      if (short === undefined || hash !== undefined) return name;
      const there = files().find(({ id }) => id === `${short}.${kind}`);
      return there ? pluginNameOf(short, there.content.sha256) : name;
    },
    extras: async () => {
      const backbones = [];
      const heads = [];
      for (const found of files().filter(isAgreed)) {
        if (found.kind !== 'backbone' && found.kind !== 'head') continue;
        if ((await look(found)).problem !== null) continue; // told in the list of plugins
        const one = await pluginExtras([found]);
        backbones.push(...one.backbones);
        heads.push(...one.heads);
      }
      return { backbones, heads };
    },
    extrasOf: async (recipe) => await pluginExtras(await contentsOf(recipe)),
    keep: async (recipe) => {
      for (const { content } of await contentsOf(recipe)) await keepPlugin(keptDir, content);
    },
    permit: (recipe) => {
      for (const used of usedPlugins(recipe)) permitted(used);
    },
  };
}

/** What can be said of an agreed plugin without training: it is loaded, and a network is built once. */
async function look({ kind, name, content }: FoundPlugin): Promise<Pick<Plugin, 'title' | 'problem'>> {
  try {
    const made = await runPlugin(content);
    const whole = pluginNameOf(name, content.sha256);
    if (kind === 'backbone') backboneInfo(asBackbone(content, made, whole));
    if (kind === 'head') asHead(content, made, whole);
    if (kind === 'sampler') asSampler(content, made, 1);
    if (kind === 'augmentation') asAugmentation(content, made);
    return { title: (made as { readonly title: string }).title, problem: null };
  } catch (thrown) {
    if (!(thrown instanceof LineamentError)) throw thrown;
    return { title: null, problem: `${thrown.message} ${thrown.hint}` };
  }
}
