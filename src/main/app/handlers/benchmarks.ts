import type { Part } from './part.ts';

const notYet = (method: string): never => {
  throw new Error(`${method} is being built`);
};

export function benchmarkHandlers(): Part<'benchmarks'> {
  return {
    'benchmarks.list': () => notYet('benchmarks.list'),
    'benchmarks.get': () => notYet('benchmarks.get'),
    'benchmarks.find': () => notYet('benchmarks.find'),
    'benchmarks.recognise': () => notYet('benchmarks.recognise'),
    'benchmarks.import': () => notYet('benchmarks.import'),
    'benchmarks.build': () => notYet('benchmarks.build'),
    'benchmarks.images': () => notYet('benchmarks.images'),
    'benchmarks.alignment': () => notYet('benchmarks.alignment'),
    'benchmarks.rename': () => notYet('benchmarks.rename'),
    'benchmarks.remove': () => notYet('benchmarks.remove'),
    'benchmarks.export': () => notYet('benchmarks.export'),
  };
}
