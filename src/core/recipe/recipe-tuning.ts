import { z } from 'zod';

const pattern = z.string().min(1).max(200);

/** What is trained how fast, and what not at all. */
export const fineTune = z.strictObject({
  freeze: z
    .array(pattern)
    .max(100)
    .default([])
    .describe(
      'Parameters that stay as they begin, by name: stage1.* or stem.*, * is any text, !… takes names out again; no derivative is computed for them',
    ),
  statistics: z
    .enum(['running', 'batch'])
    .default('running')
    .describe('What frozen normalisation uses: its running statistics as they are, or each batch’s'),
  rates: z
    .array(
      z.strictObject({
        match: pattern.describe('Names of parameters, as under freeze'),
        factor: z.number().min(0).max(100).describe('Of the learning rate'),
      }),
    )
    .max(100)
    .default([])
    .describe('Layers that learn slower or faster than the rest; the last that fits a name counts'),
});

export const average = z
  .strictObject({
    decay: z
      .number()
      .min(0)
      .max(0.99999)
      .default(0.999)
      .describe('How much of the average stays at a step; less in the first steps'),
  })
  .nullable()
  .default(null)
  .describe(
    'A running average of the network’s parameters, which is verified and exported in place of the last ones',
  );
