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

/** Items in a chunk: `most`, or fewer where there are so few that a process would be left without work at the end. */
export function chunkSizeFor(total: number, processes: number, most: number): number {
  return Math.min(most, Math.max(1, Math.ceil(total / (processes * 6))));
}

/** Results of numbered chunks, which come in any order and are passed on in the order of their numbers. */
export interface InOrder<Result> {
  add(result: Result): Promise<void>;
  /** Passes on what is left, over the gaps of chunks that never came, and waits for all that is under way. */
  finish(): Promise<void>;
}

export function inOrder<Result extends { readonly chunk: number }>(
  pass: (result: Result) => Promise<void>,
): InOrder<Result> {
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
  return {
    add: (result) => {
      waiting.set(result.chunk, result);
      turn = turn.then(drain);
      return turn;
    },
    finish: async () => {
      await turn;
      for (const [chunk, result] of [...waiting].sort(([a], [b]) => a - b)) {
        waiting.delete(chunk);
        await pass(result);
      }
    },
  };
}
