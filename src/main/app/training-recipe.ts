import { backbones } from '../../core/backbones/index.ts';
import { LineamentError } from '../../core/base/errors.ts';
import { heads } from '../../core/heads/index.ts';
import { importedName } from '../../core/import-graph/imported-backbone.ts';
import { type PluginKind, pluginName } from '../../core/plugins/name.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Reader } from '../store/database.ts';
import type { Context } from './context.ts';
import { resolveVersion } from './versions.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whole hashes for what names a version; what names none stays, for whoever looks for the version to say so. */
export function withHashes(reader: Reader, json: unknown): unknown {
  const hash = (text: unknown): unknown => {
    if (typeof text !== 'string') return text;
    try {
      return resolveVersion(reader, text).hash;
    } catch (thrown) {
      if (thrown instanceof LineamentError) return text;
      throw thrown;
    }
  };
  if (!isRecord(json)) return json;
  const { data, validation } = json;
  const named =
    isRecord(data) && 'version' in data ? { data: { ...data, version: hash(data['version']) } } : {};
  const versions = isRecord(validation) ? validation['versions'] : undefined;
  const further =
    isRecord(validation) && Array.isArray(versions)
      ? { validation: { ...validation, versions: versions.map(hash) } }
      : {};
  return { ...json, ...named, ...further };
}

/** The whole names, with hashes, of a model that a recipe goes on with and of plugins; what names none stays. */
export function withWholeNames(
  { backbones, plugins }: Pick<Context, 'backbones' | 'plugins'>,
  json: unknown,
): unknown {
  const own = (kind: PluginKind) => (name: string) => plugins.wholeName(kind, name);
  const ways: readonly (readonly [readonly string[], (name: string) => string])[] = [
    [['network', 'backbone'], (name) => backbones.wholeName(own('backbone')(name))],
    [['head', 'kind'], own('head')],
    [['data', 'sampler', 'name'], own('sampler')],
    [['data', 'augmentation', 'plugin'], own('augmentation')],
  ];
  return ways.reduce((whole, [path, name]) => changedAt(whole, path, name), json);
}

/** The same JSON with the text at a path changed, where there is one. */
function changedAt(json: unknown, path: readonly string[], change: (text: string) => string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return typeof json === 'string' ? change(json) : json;
  return isRecord(json) && key in json ? { ...json, [key]: changedAt(json[key], rest, change) } : json;
}

/** What a run is called unless somebody says otherwise: after its network, head and data. */
export function usualName({ network, head }: Recipe, data: string): string {
  const backbone = backbones.find(({ name }) => name === network.backbone)?.title;
  const [, model] = importedName.exec(network.backbone) ?? pluginName.exec(network.backbone) ?? [];
  const [, own] = pluginName.exec(head.kind) ?? [];
  const kind = heads.find(({ name }) => name === head.kind)?.title ?? own ?? head.kind;
  return `${backbone ?? model ?? network.backbone} ${kind}, ${data}`.slice(0, 190);
}
