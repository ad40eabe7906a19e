import { z } from 'zod';

/** A checkpoint of a run, by the run's name. */
export const checkpointOfRun = {
  from: z.literal('run'),
  run: z.string().min(1).describe('Name of the run'),
  checkpoint: z
    .union([z.enum(['best', 'last']), z.int().min(1)])
    .default('best')
    .describe('The best, the last, or the one of that step'),
};

/**
 * What a run's network begins with instead of random numbers. Whatever has the same name and shape is taken over; the
 * head's numbers only from a run whose classes are the same people.
 */
export const start = z
  .discriminatedUnion('from', [
    z.strictObject(checkpointOfRun),
    z.strictObject({
      from: z.literal('file'),
      path: z.string().min(1).describe('A state dictionary of PyTorch (.pth, .pt), with names as known'),
    }),
  ])
  .nullable()
  .default(null)
  .describe(
    'What the network begins with: a run’s checkpoint or PyTorch’s weights; without it, random numbers. A model in ONNX is begun with by naming it as network.backbone',
  );
