import { error } from '../../../core/base/errors.ts';
import type { Context } from '../context.ts';
import type { Part } from './part.ts';

const later = (method: string): never => {
  throw error('app/internal', { detail: `${method} is not there yet` });
};

export function versionHandlers(_context: Context): Part<'versions'> {
  return {
    'versions.list': () => [],
    'versions.get': () => later('versions.get'),
    'versions.create': () => later('versions.create'),
    'versions.rename': () => later('versions.rename'),
    'versions.remove': () => later('versions.remove'),
  };
}
