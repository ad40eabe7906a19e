import type { z } from 'zod';

/** A method of the contract: how its input is validated, and the type of what it returns. */
export interface Method<Schema extends z.ZodType, Output> {
  readonly input: Schema;
  /** Never set: carries the output's type. */
  readonly output?: Output;
}

/** States a method: `method(z.object({…}))<Output>()`. */
export function method<Schema extends z.ZodType>(input: Schema): <Output>() => Method<Schema, Output> {
  return () => ({ input });
}

/** A window into a long list. */
export interface Page<T> {
  readonly total: number;
  readonly offset: number;
  readonly items: readonly T[];
}
