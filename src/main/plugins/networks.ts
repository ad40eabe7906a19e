import type { Backbone, BackboneOption, BackboneSettings } from '../../core/backbones/backbone.ts';
import { side } from '../../core/graph/shape.ts';
import type { Shape, Value } from '../../core/graph/value.ts';
import {
  type Head,
  type HeadOption,
  type HeadSettings,
  type HeadValues,
  mostProbes,
} from '../../core/heads/head.ts';
import { failure, guarded, lineOf, type PluginText } from './place.ts';
import { backboneShape, headShape, wrongWith } from './shapes.ts';

/** Users' own networks and heads are under this heading. */
export const ownFamily = 'Your own';

/** What a plugin returned, as a backbone of that name. Errors, now and when it is built: `plugin/failed`. */
export function asBackbone(plugin: PluginText, made: unknown, name: string): Backbone {
  const parsed = backboneShape.safeParse(made);
  if (!parsed.success) throw wrong(plugin, wrongWith(parsed.error));
  const { title, input, multipleOf, defaults, options, trunk, build } = parsed.data;
  const built = (result: unknown, shape: readonly (number | null)[], what: string): Value => {
    if (isValue(result) && fits(result.shape, shape)) return result;
    throw failure(
      plugin,
      lineOf(plugin.text, new RegExp(`\\b${what}\\b\\s*[(:,]`)),
      told(what, result, shape),
    );
  };
  return {
    ...{ name, title, family: ownFamily, input, multipleOf },
    defaults: defaults as BackboneSettings,
    options: options as readonly BackboneOption[],
    ...(trunk && {
      trunk: (net, x, settings) => {
        const map = guarded(plugin, () => (trunk as NonNullable<Backbone['trunk']>)(net, x, settings));
        return built(map, [side(x.shape, 0), null, null, null], 'trunk');
      },
    }),
    build: (net, x, settings) => {
      const result = guarded(plugin, () => (build as Backbone['build'])(net, x, settings));
      return built(result, [side(x.shape, 0), settings.embedding], 'build');
    },
  };
}

/** What a plugin returned, as a head of that name. Errors as of `asBackbone`. */
export function asHead(plugin: PluginText, made: unknown, name: string): Head {
  const parsed = headShape.safeParse(made);
  if (!parsed.success) throw wrong(plugin, wrongWith(parsed.error));
  const { title, about, compares, defaults, options, held, build, expectedLoss } = parsed.data;
  return {
    ...{ name, title, family: ownFamily, about, held, target: null, ...(compares && { compares }) },
    presets: { 'Its own': defaults as HeadSettings },
    options: options as readonly HeadOption[],
    build: (net, embeddings, target, settings, labels) => {
      const make = build as Head['build'];
      const values: unknown = guarded(plugin, () => make(net, embeddings, target, settings, labels));
      const [n, classes] = [side(embeddings.shape, 0), side(target.shape, 1)];
      const width = compares ? n : classes;
      const wanted = { logits: [n, width], cosines: [n], probes: [n, Math.min(width, mostProbes)] };
      for (const [what, shape] of Object.entries(wanted)) {
        const value: unknown =
          typeof values === 'object' && values !== null ? Reflect.get(values, what) : values;
        if (!isValue(value) || !fits(value.shape, shape))
          throw failure(
            plugin,
            lineOf(plugin.text, /\bbuild\b\s*[(:,]/),
            told(`“${what}” of build`, value, shape),
          );
      }
      return values as HeadValues;
    },
    expectedLoss: (settings, classes, embedding, loss, of) => {
      if (!expectedLoss) return null;
      const ask = expectedLoss as Head['expectedLoss'];
      return guarded(plugin, () => ask(settings, classes, embedding, loss, of));
    },
  };
}

export function wrong(
  plugin: PluginText,
  { key, detail }: { readonly key: string; readonly detail: string },
): Error {
  const line =
    lineOf(plugin.text, new RegExp(key === 'return' ? '\\breturn\\b' : `\\b${key}\\b\\s*[(:,]`)) ??
    lineOf(plugin.text, /\bplugin\b/);
  return failure(plugin, line, detail);
}

function isValue(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && 'op' in value && 'shape' in value;
}

function fits(shape: Shape, wanted: readonly (number | null)[]): boolean {
  return shape.length === wanted.length && wanted.every((one, i) => one === null || one === shape[i]);
}

function told(what: string, given: unknown, wanted: readonly (number | null)[]): string {
  const shape = wanted.map((one) => one ?? 'any').join(', ');
  const got = isValue(given)
    ? `is [${given.shape.join(', ')}]`
    : `is ${given === undefined ? 'not there' : `a ${typeof given}`}`;
  return `what “${what.replaceAll(/[“”]/g, '')}” gives ${got}, and must be [${shape}].`;
}
