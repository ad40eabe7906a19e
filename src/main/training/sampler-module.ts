import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { error, hasCode } from '../../core/base/errors.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { identitiesOrder } from '../../core/training/identities.ts';
import { type EpochOrder, epochOrders } from '../../core/training/sampler.ts';

export type SamplerChoice = Recipe['data']['sampler'];

/** The order of pictures by a recipe's choice. Errors: training/bad-sampler. */
export async function epochOrder(choice: SamplerChoice, stepImages: number): Promise<EpochOrder> {
  if (choice.kind === 'module') return await moduleOrder(choice.file, stepImages);
  return choice.kind === 'identities' ? identitiesOrder(choice) : epochOrders[choice.kind];
}

/**
 * A user's own sampler: a JavaScript module that exports `sample({ epoch, seed, classes })`, which returns the indices of
 * the pictures of an epoch as anything that can be gone through; it may never end. An epoch has as many steps as the
 * pictures fill once: what is longer is cut, and what is shorter, but at least one step long, is gone through again.
 * A run continues exactly only if the same request always gets the same answer.
 */
async function moduleOrder(file: string, stepImages: number): Promise<EpochOrder> {
  const fail = (detail: string, cause?: unknown) => error('training/bad-sampler', { file, detail }, cause);
  if (!isAbsolute(file)) throw fail('a whole path is needed, from the root.');
  const module: unknown = await import(pathToFileURL(file).href).catch((thrown: unknown) => {
    throw fail(`it cannot be loaded: ${messageOf(thrown)}`, thrown);
  });
  const sample = (module as { readonly sample?: unknown }).sample;
  if (typeof sample !== 'function') throw fail('it exports no function sample.');

  return ({ epoch, seed, classes }, needed) => {
    const failIn = (detail: string, cause?: unknown) => fail(`in epoch ${epoch}, ${detail}`, cause);
    const order = new Int32Array(needed);
    let length = 0;
    try {
      const given: unknown = sample({ epoch, seed, classes: classes.slice() });
      if (!isIterable(given)) throw failIn(`it returned ${describe(given)}, not a list of indices.`);
      for (const index of given) {
        if (length === needed) break;
        if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= classes.length) {
          throw failIn(
            `index number ${length} is ${describe(index)}; there are the pictures 0 to ${classes.length - 1}.`,
          );
        }
        order[length++] = index;
      }
    } catch (thrown) {
      if (hasCode(thrown, 'training/bad-sampler')) throw thrown;
      throw failIn(`it failed: ${messageOf(thrown)}`, thrown);
    }
    if (length < stepImages) throw failIn(`it gave ${length} indices, and one step needs ${stepImages}.`);
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

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
