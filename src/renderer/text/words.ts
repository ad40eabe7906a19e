import type { QueueReason } from '../../core/contract/datasets.ts';
import type { FaceState } from '../../core/contract/faces.ts';
import type { Job, JobState } from '../../core/contract/jobs.ts';
import { duration, figure, plural } from './format.ts';

export const reasonWords: Readonly<Record<QueueReason, { readonly title: string; readonly help: string }>> = {
  none: { title: 'No face', help: 'No face was found. Add one by placing its five points.' },
  several: { title: 'Several', help: 'Several faces in a photograph of one person. Choose the right one.' },
  tiny: { title: 'Tiny', help: 'The face is smaller than the size set in Settings.' },
  blurred: { title: 'Blurred', help: 'The crop is less sharp than set in Settings.' },
  failed: { title: 'Failed', help: 'Alignment failed. Move the points, or reject the face.' },
};

export const faceStateWords: Readonly<Record<FaceState, string>> = {
  kept: 'Kept',
  aside: 'Set aside',
  rejected: 'Rejected',
};

export const jobStateWords: Readonly<Record<JobState, string>> = {
  queued: 'Waiting',
  running: 'Running',
  paused: 'Paused',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** What a job counted, in the order in which it is told; what came to nothing is not told. */
const summaryWords: Readonly<Record<string, string>> = {
  photos: 'photographs',
  faces: 'faces',
  problems: 'not readable',
  unchanged: 'unchanged',
  ignored: 'files that are no pictures',
  without: 'without a face',
  repeated: 'the same as another',
  failed: 'failed',
  clusters: 'groups',
  singles: 'faces alone',
  suggestions: 'suggestions',
  measured: 'measured',
  known: 'measured before',
};

export function jobSummary({ summary }: Pick<Job, 'summary'>): readonly (readonly [string, number])[] {
  return Object.entries(summaryWords).flatMap(([name, words]) => {
    const value = summary[name] ?? 0;
    return value === 0 ? [] : [[words, value] as const];
  });
}

export const solverWords = { umeyama: 'Umeyama', evolve: 'face.evoLVe' } as const;

export function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** 0..1; null while it is not known. */
export function jobShare(job: Job): number | null {
  if (job.state === 'done') return 1;
  if (job.total === null) return null;
  return job.total === 0 ? 0 : Math.min(1, job.done / job.total);
}

/** “1,204 of 2,786 photographs · 21.4/s · 1 min 14 s left”. */
export function jobProgress(job: Job): string {
  const parts: string[] = [];
  if (job.total !== null) parts.push(`${figure(job.done)} of ${figure(job.total)} ${job.unit}`);
  else if (job.done > 0) parts.push(`${figure(job.done)} ${job.unit}`);
  if (job.state === 'running') {
    if (job.rate !== null) parts.push(`${figure(job.rate)}/s`);
    if (job.etaSeconds !== null) parts.push(`${duration(job.etaSeconds)} left`);
  }
  return parts.join(' · ');
}

export function faces(value: number): string {
  return plural(value, 'face', 'faces');
}

export function photographs(value: number): string {
  return plural(value, 'photograph', 'photographs');
}

/** As git does: enough of a version's hash to tell it apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 10);
}
