import { error } from '../../../core/base/errors.ts';
import type { Context } from '../context.ts';
import type { JobQueue } from '../queue.ts';
import type { Part } from './part.ts';

const later = (method: string): never => {
  throw error('app/internal', { detail: `${method} is not there yet` });
};

export function runHandlers(_context: Context, _queue: JobQueue): Part<'runs'> {
  return {
    'runs.list': () => [],
    'runs.get': () => later('runs.get'),
    'runs.find': () => later('runs.find'),
    'runs.start': () => later('runs.start'),
    'runs.pause': () => later('runs.pause'),
    'runs.continue': () => later('runs.continue'),
    'runs.stop': () => later('runs.stop'),
    'runs.fork': () => later('runs.fork'),
    'runs.rename': () => later('runs.rename'),
    'runs.remove': () => later('runs.remove'),
    'runs.series': () => later('runs.series'),
    'runs.evaluations': () => [],
    'runs.snapshots': () => [],
    'runs.batch': () => later('runs.batch'),
    'runs.export': () => later('runs.export'),
  };
}
