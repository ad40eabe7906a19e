import { availableParallelism } from 'node:os';
import { getSettings } from '../../store/settings.ts';
import type { Context } from '../context.ts';

/** How a heavy job uses the machine. */
export interface Shares {
  readonly processes: number;
  /** Threads in each process. */
  readonly threads: number;
}

const mostProcesses = 8;

/**
 * Several processes with few threads each beat one with many: decoding and small networks don't divide well. A GPU is
 * not shared.
 */
export function sharesOf(context: Context): Shares {
  const { threads, provider } = getSettings(context.store);
  const cores = threads ?? availableParallelism();
  if (provider !== 'cpu') return { processes: 1, threads: cores };
  const processes = Math.min(cores, mostProcesses);
  return { processes, threads: Math.max(1, Math.floor(cores / processes)) };
}

/** Takes results of numbered chunks in any order and passes them on in the order of their numbers. */
export function inOrder<Result extends { readonly chunk: number }>(
  pass: (result: Result) => Promise<void>,
): (result: Result) => Promise<void> {
  const waiting = new Map<number, Result>();
  let next = 0;
  let turn: Promise<void> = Promise.resolve();
  const drain = async (): Promise<void> => {
    for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
      waiting.delete(next);
      next++;
      await pass(ready);
    }
  };
  return (result) => {
    waiting.set(result.chunk, result);
    turn = turn.then(drain);
    return turn;
  };
}
