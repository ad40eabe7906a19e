import type { LineamentError } from '../../core/base/errors.ts';
import type { EpochOrder, SampleRequest } from '../../core/training/sampler.ts';
import { wrong } from './networks.ts';
import { failure, guarded, lineOf, type PluginText } from './place.ts';
import { samplerShape, wrongWith } from './shapes.ts';

/**
 * What a plugin returned, as an order of pictures. Its `sample({ epoch, seed, classes })` returns the indices of the
 * pictures of an epoch as anything that can be gone through; it may never end. An epoch has as many steps as the pictures
 * fill once: what is longer is cut, and what is shorter, but at least one step long, is gone through again. A run continues
 * exactly only if the same request always gets the same answer. Errors, now and when it is asked: `plugin/failed`.
 */
export function asSampler(plugin: PluginText, made: unknown, stepImages: number): EpochOrder {
  const parsed = samplerShape.safeParse(made);
  if (!parsed.success) throw wrong(plugin, wrongWith(parsed.error));
  const sample = parsed.data.sample as (request: SampleRequest) => unknown;
  const line = lineOf(plugin.text, /\bsample\b\s*[(:,]/);
  return ({ epoch, seed, classes }, needed) => {
    const refuse = (detail: string): LineamentError => failure(plugin, line, `in epoch ${epoch}, ${detail}`);
    const order = new Int32Array(needed);
    const length = guarded(plugin, () => {
      const given = sample({ epoch, seed, classes: classes.slice() });
      if (!isIterable(given)) throw refuse(`it returned ${describe(given)}, not a list of indices.`);
      let at = 0;
      for (const index of given) {
        if (at === needed) break;
        if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= classes.length) {
          const pictures = `there are the pictures 0 to ${classes.length - 1}`;
          throw refuse(`index number ${at} is ${describe(index)}; ${pictures}.`);
        }
        order[at++] = index;
      }
      return at;
    });
    if (length < stepImages) throw refuse(`it gave ${length} indices, and one step needs ${stepImages}.`);
    for (let i = length; i < needed; i++) order[i] = order[i - length] ?? 0;
    return order;
  };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  return value instanceof Promise ? 'a promise' : `a value of type ${value.constructor?.name ?? 'object'}`;
}
