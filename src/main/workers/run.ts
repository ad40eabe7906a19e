import { Cancelled, error } from '../../core/base/errors.ts';
import type { Summary } from '../jobs/job.ts';
import { type AnyMethods, answerWith, type Remote, remote } from './channel.ts';
import { startProcess } from './process.ts';

export interface RunOptions {
  readonly entry: URL;
  readonly kind: string;
  readonly setup: unknown;
  /** What the job may ask of the application: more to do, and to save what is done. */
  readonly host: AnyMethods;
  readonly signal: AbortSignal;
  /** How long it may take to come to a safe point once it is asked to stop; 5 s unless told otherwise. */
  readonly graceMs?: number;
  readonly onProgress: (done: number, total: number | null) => void;
  /** Told the last lines when the process has ended. */
  readonly onLog: (lines: readonly string[]) => void;
}

const stopGraceMs = 5000;

/**
 * Runs one job in a process of its own. Errors: the job's own, `job/worker-died`, or `Cancelled` once `signal` is
 * aborted and the process has come to a safe point or been ended.
 */
export async function runJob(options: RunOptions): Promise<Summary> {
  if (options.signal.aborted) throw new Cancelled();
  const worker = startProcess(options.entry, {
    answer: answerWith(options.host),
    onTell: (topic, value) => {
      if (topic !== 'progress') return;
      const { done, total } = value as { done: number; total: number | null };
      options.onProgress(done, total);
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    worker.channel.tell('stop', null);
    timer = setTimeout(() => void worker.close(0), options.graceMs ?? stopGraceMs);
  };
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    return (await worker.channel.ask('run', { kind: options.kind, setup: options.setup })) as Summary;
  } catch (thrown) {
    if (options.signal.aborted) throw new Cancelled();
    throw thrown;
  } finally {
    options.signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    await worker.close();
    options.onLog(worker.logTail());
  }
}

/** A service in a process of its own, started when it is first asked and ended when it has been idle. */
export interface Service<Methods extends AnyMethods> {
  /** Error, besides the service's own: `rpc/closed` after `close`. */
  use<T>(work: (methods: Remote<Methods>) => Promise<T>): Promise<T>;
  /** The next use starts a process with a new setup; what is under way ends in the old one. */
  renew(): void;
  close(): Promise<void>;
}

/** A service's process and those who use it. */
interface Serving {
  readonly worker: ReturnType<typeof startProcess>;
  readonly ready: Promise<unknown>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

export function service<Methods extends AnyMethods>(options: {
  readonly entry: URL;
  readonly kind: string;
  readonly setup: () => unknown;
  readonly idleMs: number;
}): Service<Methods> {
  let current: Serving | null = null;
  let closed = false;
  const all = new Set<Serving>();
  const start = (): Serving => {
    const setup = options.setup();
    const worker = startProcess(options.entry, { answer: answerWith({}), onTell: () => {} });
    const ready = worker.channel.ask('serve', { kind: options.kind, setup });
    ready.catch(() => {}); // every user waits for it, too
    const serving: Serving = { worker, ready, users: 0, timer: undefined };
    all.add(serving);
    void worker.ended.then(() => {
      clearTimeout(serving.timer);
      all.delete(serving);
      if (current === serving) current = null; // the next use starts another
    });
    return serving;
  };
  const end = (serving: Serving): Promise<void> => {
    if (current === serving) current = null;
    return serving.worker.close();
  };
  return {
    use: async (work) => {
      if (closed) throw error('rpc/closed');
      current ??= start();
      const serving = current;
      clearTimeout(serving.timer);
      serving.users++;
      try {
        await serving.ready.catch((thrown: unknown) => {
          void end(serving); // what could not be started serves nobody
          throw thrown;
        });
        return await work(remote<Methods>(serving.worker.channel));
      } finally {
        serving.users--;
        if (serving.users === 0) {
          if (current !== serving) void end(serving);
          else {
            serving.timer = setTimeout(() => void end(serving), options.idleMs);
            serving.timer.unref();
          }
        }
      }
    },
    renew: () => {
      const old = current;
      current = null;
      if (old !== null && old.users === 0) void end(old);
    },
    close: async () => {
      closed = true;
      await Promise.all([...all].map(end));
    },
  };
}
