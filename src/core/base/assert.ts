/**
 * States what must hold; a failure is a programmer's error, never a user's. What is asserted for every value of every
 * graph gives its message as a function: to put it together takes longer than all that is checked.
 */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (condition) return;
  throw new Error(`assertion failed: ${typeof message === 'string' ? message : message()}`);
}

/** The value, which must be there. */
export function defined<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`assertion failed: ${what} is missing`);
  return value;
}
