import type { Part } from './part.ts';

const notYet = (method: string): never => {
  throw new Error(`${method} is being built`);
};

export function mapHandlers(): Part<'maps'> {
  return {
    'maps.start': () => notYet('maps.start'),
    'maps.get': () => notYet('maps.get'),
  };
}
