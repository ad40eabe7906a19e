import { error } from '../../../core/base/errors.ts';
import type { Context } from '../context.ts';
import type { Part } from './part.ts';

const later = (method: string): never => {
  throw error('app/internal', { detail: `${method} is not there yet` });
};

export function trainingHandlers(_context: Context): Part<'training'> {
  return {
    'training.catalogue': () => later('training.catalogue'),
    'training.template': () => later('training.template'),
    'training.check': () => later('training.check'),
    'training.trial': () => later('training.trial'),
  };
}
