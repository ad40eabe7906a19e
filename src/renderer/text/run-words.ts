import type { Run, RunState, StopReason } from '../../core/contract/runs.ts';
import { heads } from '../../core/heads/index.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { count, duration, percent } from './format.ts';

export const runStateWords: Readonly<Record<RunState, string>> = {
  queued: 'Waiting',
  running: 'Training',
  paused: 'Paused',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** Colour of a state's chip. */
export const runStateTones: Readonly<Record<RunState, '' | 'accent' | 'good' | 'warning' | 'bad'>> = {
  queued: '',
  running: 'accent',
  paused: 'warning',
  done: 'good',
  stopped: '',
  failed: 'bad',
};

/** Colour of its bar of progress. */
export const runBarTones = {
  queued: 'muted',
  running: 'accent',
  paused: 'muted',
  done: 'good',
  stopped: 'muted',
  failed: 'bad',
} as const satisfies Readonly<Record<RunState, string>>;

export const stopReasonWords: Readonly<Record<StopReason, string>> = {
  finished: 'Trained to the end of its schedule.',
  'early-stop': 'Ended early: validation did not get better any more.',
  user: 'Stopped by you.',
  paused: 'Paused by you; it goes on from where it is.',
  diverged: 'Diverged: the numbers left what a computer can hold.',
  error: 'Ended by an error.',
  interrupted: 'The application ended while it trained; it goes on from its last checkpoint.',
};

/** The same in a word or two, for lists. */
export const shortReasonWords: Readonly<Record<StopReason, string>> = {
  finished: '',
  'early-stop': 'early stop',
  user: 'by you',
  paused: '',
  diverged: 'diverged',
  error: 'error',
  interrupted: 'interrupted',
};

export function isUnderWay({ state }: Pick<Run, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

/** A run that `continue` can take further. */
export function canGoOn({
  state,
  reason,
  step,
  steps,
}: Pick<Run, 'state' | 'reason' | 'step' | 'steps'>): boolean {
  // What diverged would only do so again: it takes a fork with another recipe.
  return state === 'paused' || (state === 'failed' && reason !== 'diverged' && step < steps);
}

export function canEnd({ state }: Pick<Run, 'state'>): boolean {
  return state === 'queued' || state === 'running' || state === 'paused';
}

/** 0..1. */
export function runShare({ step, steps }: Pick<Run, 'step' | 'steps'>): number {
  return steps === 0 ? 0 : Math.min(1, step / steps);
}

export function setWords(set: string): string {
  return set === 'held-out' ? 'Held-out people' : set;
}

/** “FAR 1e−3” */
export function farWords(far: number): string {
  return `FAR ${far.toExponential(0).replace('e-', 'e−')}`;
}

/** “step 1,200 of 50,000”. */
export function stepWords({ step, steps }: Pick<Run, 'step' | 'steps'>): string {
  return `step ${count(step)} of ${count(steps)}`;
}

/** “17 min left”: the nearer the end, the finer. */
export function timeLeft(seconds: number): string {
  const unit = seconds >= 36_000 ? 3600 : seconds >= 600 ? 60 : 1;
  return `${duration(Math.round(seconds / unit) * unit)} left`;
}

/** What “recognised” and the cosines are held against, where that is not all class weights; empty where it is. */
export function againstWords({ head: { kind, sampling } }: Pick<Recipe, 'head'>): {
  readonly recognised: string;
  readonly cosines: string;
} {
  if (heads.find(({ name }) => name === kind)?.compares === 'pictures')
    return {
      recognised: 'the nearest other picture of the batch is of the same person',
      cosines: 'to pictures of the batch',
    };
  if (sampling === null) return { recognised: '', cosines: '' };
  const share = `the ${percent(sampling.rate)} of identities of the step`;
  return { recognised: `among ${share}`, cosines: `others: ${share}` };
}
