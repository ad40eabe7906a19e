import { backbones } from '../../core/backbones/index.ts';
import { LineamentError } from '../../core/base/errors.ts';
import { heads } from '../../core/heads/index.ts';
import { importedName } from '../../core/import-graph/imported-backbone.ts';
import { type PluginKind, pluginName } from '../../core/plugins/name.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Reader } from '../store/database.ts';
import { resolveBenchmark } from './benchmarks.ts';
import type { Context } from './context.ts';
import { resolveVersion } from './versions.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whole hashes for what names a version or a benchmark; what names none stays, for whoever looks for it to say so, and so does
 * a benchmark that is not read to its end.
 */
export function withHashes(reader: Reader, json: unknown): unknown {
  const hash = (text: unknown, find: (text: string) => string | null): unknown => {
    if (typeof text !== 'string') return text;
    try {
      return find(text) ?? text;
    } catch (thrown) {
      if (thrown instanceof LineamentError) return text;
      throw thrown;
    }
  };
  const version = (text: unknown) => hash(text, (one) => resolveVersion(reader, one).hash);
  const benchmark = (text: unknown) => hash(text, (one) => resolveBenchmark(reader, one).hash);
  if (!isRecord(json)) return json;
  const { data, validation } = json;
  const named =
    isRecord(data) && 'version' in data ? { data: { ...data, version: version(data['version']) } } : {};
  if (!isRecord(validation)) return { ...json, ...named };
  const { versions, benchmarks } = validation;
  const further = {
    ...validation,
    ...(Array.isArray(versions) && { versions: versions.map(version) }),
    ...(Array.isArray(benchmarks) && { benchmarks: benchmarks.map(benchmark) }),
  };
  return { ...json, ...named, validation: further };
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
