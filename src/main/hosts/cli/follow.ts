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

/** Waits for a job to end, telling how far it is. A job that fails throws its error; Ctrl-C pauses it. */
export async function follow(call: Call, job: Job): Promise<Job> {
  const stop = call.client.on('job.changed', (changed) => {
    if (changed.id === job.id) call.progress(progressLine(changed));
  });
  const pause = (): void => {
    call.client.call('jobs.pause', { job: job.id }).catch(() => {}); // it may have ended just now
  };
  call.signal.addEventListener('abort', pause, { once: true });
  if (call.signal.aborted) pause();
  try {
    const ended = await call.client.call('jobs.wait', { job: job.id });
    if (ended.state === 'failed' && ended.error !== null) throw new LineamentError(ended.error);
    if (ended.state !== 'done') throw new Cancelled();
    return ended;
  } finally {
    call.signal.removeEventListener('abort', pause);
    stop();
  }
}
