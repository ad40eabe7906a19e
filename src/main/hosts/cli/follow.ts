import { Cancelled, LineamentError } from '../../../core/base/errors.ts';
import type { Job } from '../../../core/contract/jobs.ts';
import type { Call } from './command.ts';

/** 1:02:03, or 2:03. */
export function clock(seconds: number): string {
  const s = Math.round(seconds);
  const parts =
    s >= 3600 ? [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60] : [Math.floor(s / 60), s % 60];
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** How far a job is, in one line. */
export function progressLine(job: Job): string {
  const of = job.total === null ? '' : ` of ${job.total}`;
  const rate = job.rate === null ? '' : `, ${job.rate.toFixed(1)}/s`;
  const eta = job.etaSeconds === null ? '' : `, ${clock(job.etaSeconds)} left`;
  return `${job.title}: ${job.done}${of} ${job.unit}${rate}${eta}`;
}

/** The result of what is waited for. Ctrl-C calls `stop`, once; also where it was pressed before. */
export async function stoppable<T>(
  signal: AbortSignal,
  stop: () => Promise<unknown>,
  wait: () => Promise<T>,
): Promise<T> {
  const onAbort = (): void => {
    stop().catch(() => {}); // it may have ended just now
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await wait();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Waits for a job to end, telling how far it is. A job that fails throws its error; Ctrl-C pauses it. */
export async function follow(call: Call, job: Job): Promise<Job> {
  const { client, progress, signal } = call;
  const unsubscribe = client.on('job.changed', (changed) => {
    if (changed.id === job.id) progress(progressLine(changed));
  });
  const pause = () => client.call('jobs.pause', { job: job.id });
  const wait = () => client.call('jobs.wait', { job: job.id });
  const ended = await stoppable(signal, pause, wait).finally(unsubscribe);
  if (ended.state === 'failed' && ended.error !== null) throw new LineamentError(ended.error);
  if (ended.state !== 'done') throw new Cancelled();
  return ended;
}
