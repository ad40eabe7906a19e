import { z } from 'zod';

/** Row numbers are positive whole numbers. */
export const id = z.int().positive();
export const ids = z.array(id).max(1_000_000);
export const name = z.string().trim().min(1).max(200);
export const none = z.object({}).strict();

/** At most this many rows of a list travel in one answer. */
export const pageLimit = 2000;
export const page = {
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(pageLimit).default(200),
};

export const solver = z.enum(['umeyama', 'evolve']);
/** x and y of five points in pixels of the upright photograph. */
export const points5 = z.array(z.number()).length(10);
