import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CheckpointFacts,
  type LiveTensor,
  listCheckpoints,
  writeCheckpoint,
} from '../training/checkpoint.ts';
import type { TrainHost } from './train-protocol.ts';

const everySteps = 500;
const everyMs = 60_000;
/** And not before so many times as long as the last took to write: with a million classes it has gigabytes. */
const leastTimes = 10;

/** Writes checkpoints and keeps the last two and the best. */
export interface Keeper {
  /** The step that was saved last; null before the first. */
  readonly step: number | null;
  /** Whether as many steps, or as much time, have passed as may be lost. */
  due(step: number): boolean;
  /**
   * Saves the state, tells the application, and then removes what is neither one of the last two nor the best. `accuracy` is
   * that of a validation at this step. Throws `pack/write-failed`.
   */
  save(facts: CheckpointFacts, accuracy: number | null): Promise<void>;
}

export interface KeeperOptions {
  readonly dir: string;
  readonly host: Pick<TrainHost, 'saved'>;
  readonly tensors: readonly LiveTensor[];
  /** The step that the run goes on from; null: from the beginning. */
  readonly from: number | null;
  /** Milliseconds. */
  readonly now: () => number;
}

export function openKeeper({ dir, host, tensors, from, now }: KeeperOptions): Keeper {
  let last = from;
  let previous: number | null = null;
  let savedAt = now();
  let tookMs = 0;
  return {
    get step() {
      return last;
    },
    due: (step) => {
      const since = now() - savedAt;
      return since >= leastTimes * tookMs && (step - (last ?? 0) >= everySteps || since >= everyMs);
    },
    save: async (facts, accuracy) => {
      const beganAt = now();
      const { step, file, bytes } = await writeCheckpoint(dir, facts, tensors);
      if (last !== step) [previous, last] = [last, step];
      const best = facts.best?.step === step;
      await host.saved({ step, file, bytes, accuracy, best });
      for (const old of await listCheckpoints(dir)) {
        if (old.step === step || old.step === previous || old.step === facts.best?.step) continue;
        await rm(join(dir, old.file), { force: true });
      }
      savedAt = now();
      tookMs = savedAt - beganAt;
    },
  };
}
