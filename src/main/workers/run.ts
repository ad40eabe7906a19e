import { Cancelled } from '../../core/base/errors.ts';
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
  readonly onProgress: (done: number, total: number | null) => void;
  /** Told now and then, and with the last lines when the process ends. */
  readonly onLog: (lines: readonly string[]) => void;
}

/** How long a job that was asked to stop may take to come to a safe point. */
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
    timer = setTimeout(() => void worker.close(0), stopGraceMs);
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
  use<T>(work: (methods: Remote<Methods>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function service<Methods extends AnyMethods>(options: {
  readonly entry: URL;
  readonly kind: string;
  readonly setup: () => unknown;
  readonly idleMs: number;
}): Service<Methods> {
  let worker: ReturnType<typeof startProcess> | null = null;
  let users = 0;
  let timer: NodeJS.Timeout | undefined;
  const start = (): ReturnType<typeof startProcess> => {
    const started = startProcess(options.entry, { answer: answerWith({}), onTell: () => {} });
    void started.ended.then(() => {
      if (worker === started) worker = null; // the next use starts another
    });
    return started;
  };
  let ready: Promise<unknown> = Promise.resolve();
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    const closing = worker;
    worker = null;
    await closing?.close();
  };
  return {
    use: async (work) => {
      clearTimeout(timer);
      users++;
      try {
        if (worker === null) {
          worker = start();
          ready = worker.channel.ask('serve', { kind: options.kind, setup: options.setup() });
        }
        const { channel } = worker;
        await ready;
        return await work(remote<Methods>(channel));
      } finally {
        users--;
        if (users === 0) {
          clearTimeout(timer);
          timer = setTimeout(() => void close(), options.idleMs);
          timer.unref();
        }
      }
    },
    close,
  };
}
