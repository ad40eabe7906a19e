import type { Handlers, MethodName } from '../../../src/core/contract/api.ts';

type Mine = Extract<MethodName, `${'benchmarks' | 'evaluations' | 'maps'}.${string}`>;

const notYet = (): never => {
  throw new Error('being built');
};

export function evaluationHandlers(): Pick<Handlers, Mine> {
  return {
    'benchmarks.list': notYet,
    'benchmarks.get': notYet,
    'benchmarks.find': notYet,
    'benchmarks.recognise': notYet,
    'benchmarks.import': notYet,
    'benchmarks.build': notYet,
    'benchmarks.images': notYet,
    'benchmarks.alignment': notYet,
    'benchmarks.rename': notYet,
    'benchmarks.remove': notYet,
    'benchmarks.export': notYet,
    'evaluations.start': notYet,
    'evaluations.list': notYet,
    'evaluations.get': notYet,
    'evaluations.remove': notYet,
    'evaluations.curves': notYet,
    'evaluations.at': notYet,
    'evaluations.failures': notYet,
    'evaluations.mark': notYet,
    'evaluations.leaks': notYet,
    'evaluations.report': notYet,
    'maps.start': notYet,
    'maps.get': notYet,
  };
}
