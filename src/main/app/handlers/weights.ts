import type { Weights } from '../weights.ts';
import type { Part } from './part.ts';

export function weightHandlers(weights: Weights): Part<'weights'> {
  return {
    'weights.inspect': (input, { signal }) => weights.inspect(input, signal),
    'weights.import': (input, { signal }) => weights.import(input, signal),
    'weights.export': (input, { signal }) => weights.export(input, signal),
  };
}
