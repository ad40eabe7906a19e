import { backbones } from '../../core/backbones/index.ts';
import { LineamentError } from '../../core/base/errors.ts';
import { heads } from '../../core/heads/index.ts';
import { importedName } from '../../core/import-graph/imported-backbone.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { Reader } from '../store/database.ts';
import type { Backbones } from './backbones.ts';
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

/** The whole name of a model that a recipe goes on with; what is none stays. */
export function withWholeName(backbones: Pick<Backbones, 'wholeName'>, json: unknown): unknown {
  if (!isRecord(json)) return json;
  const { network } = json;
  const name = isRecord(network) ? network['backbone'] : undefined;
  if (!isRecord(network) || typeof name !== 'string') return json;
  return { ...json, network: { ...network, backbone: backbones.wholeName(name) } };
}

/** What a run is called unless somebody says otherwise: after its network, head and data. */
export function usualName({ network, head }: Recipe, data: string): string {
  const backbone = backbones.find(({ name }) => name === network.backbone)?.title;
  const [, model] = importedName.exec(network.backbone) ?? [];
  const kind = heads.find(({ name }) => name === head.kind)?.title ?? head.kind;
  return `${backbone ?? model ?? network.backbone} ${kind}, ${data}`.slice(0, 190);
}
