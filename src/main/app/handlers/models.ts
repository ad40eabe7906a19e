import { error } from '../../../core/base/errors.ts';
import type { Context } from '../context.ts';
import type { Part } from './part.ts';

export function modelHandlers(context: Context): Part<'models'> {
  const no = (): never => {
    throw error('app/internal', { detail: 'temporary' });
  };
  return {
    'models.list': () => context.shelf.list(),
    'models.inspect': no,
    'models.import': no,
    'models.remove': no,
    'models.setDefault': no,
  };
}
