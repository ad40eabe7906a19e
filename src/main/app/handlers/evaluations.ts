import type { Part } from './part.ts';

const notYet = (method: string): never => {
  throw new Error(`${method} is being built`);
};

export function evaluationHandlers(): Part<'evaluations'> {
  return {
    'evaluations.start': () => notYet('evaluations.start'),
    'evaluations.list': () => notYet('evaluations.list'),
    'evaluations.get': () => notYet('evaluations.get'),
    'evaluations.remove': () => notYet('evaluations.remove'),
    'evaluations.curves': () => notYet('evaluations.curves'),
    'evaluations.at': () => notYet('evaluations.at'),
    'evaluations.failures': () => notYet('evaluations.failures'),
    'evaluations.mark': () => notYet('evaluations.mark'),
    'evaluations.leaks': () => notYet('evaluations.leaks'),
    'evaluations.report': () => notYet('evaluations.report'),
  };
}
