import { z } from 'zod';

/** What a plugin returns, besides its functions: forms are asked of it before anything of it is used. */

const option = z.intersection(
  z.object({ name: z.string().min(1), title: z.string().optional(), about: z.string() }),
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('number'),
      least: z.number(),
      most: z.number(),
      whole: z.boolean().optional(),
      step: z.number().positive().optional(),
    }),
    z.object({ kind: z.literal('choice'), of: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('boolean') }),
  ]),
);
const options = z.array(option).default([]);
const setting = z.union([z.number(), z.string(), z.boolean()]);
/** A function; which one it is, its type says. */
const callable = z.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'must be a function',
});
const title = z.string().min(1).max(80);

export const backboneShape = z.strictObject({
  title,
  input: z.int().min(8).max(1024).default(112),
  multipleOf: z.int().min(1).default(1),
  defaults: z
    .looseObject({ embedding: z.int().min(1).default(512), dropout: z.number().min(0).max(0.9).default(0) })
    .default({ embedding: 512, dropout: 0 }),
  options,
  trunk: callable.optional(),
  build: callable,
});

export const headShape = z.strictObject({
  title,
  about: z.string().default('Your own.'),
  compares: z.literal('pictures').optional(),
  defaults: z.record(z.string(), setting).default({}),
  options,
  held: z.array(z.string()).default([]),
  build: callable,
  expectedLoss: callable.optional(),
});

export const samplerShape = z.strictObject({ title, sample: callable });

export const augmentationShape = z.strictObject({ title, augment: callable });

/** What is wrong with a form, in a sentence. */
export function wrongWith({ issues }: z.ZodError): { readonly key: string; readonly detail: string } {
  const issue = issues[0];
  const path = issue?.path.map(String) ?? [];
  const extra = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const key = extra ?? path[0] ?? 'plugin';
  if (extra !== undefined) return { key, detail: `“${extra}” is nothing that a plugin of its kind has.` };
  if (issue?.code === 'invalid_type' && issue.message.endsWith('undefined') && path.length > 0)
    return { key: 'return', detail: `“${path.join('.')}” of what plugin returns is missing.` };
  if (path.length === 0) return { key, detail: 'plugin must return an object with title and functions.' };
  return { key, detail: `“${path.join('.')}” of what plugin returns is not right: ${issue?.message}.` };
}
