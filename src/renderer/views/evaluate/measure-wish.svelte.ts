import type { Input } from '../../../core/contract/api.ts';
import type { LeakTreatment, ProtocolName } from '../../../core/contract/evaluations.ts';

/** Of a run; a number is the step of one. */
export type CheckpointChoice = 'best' | 'last' | 'all' | number;

/** What is to be measured, as it is put together in the dialog. */
export class MeasureWish {
  models = $state.raw<ReadonlySet<string>>(new Set());
  runs = $state.raw<ReadonlyMap<number, CheckpointChoice>>(new Map());
  files = $state.raw<readonly string[]>([]);
  ensembles = $state.raw<readonly (readonly string[])[]>([]);
  benchmarks = $state.raw<ReadonlySet<number>>(new Set());
  protocols = $state.raw<ReadonlySet<ProtocolName>>(new Set(['evolve', 'facex', 'standard']));
  flip = $state(false);
  leaks = $state<LeakTreatment>('count');
  trainedOn = $state<number | null>(null);
  resamples = $state(1000);
  seed = $state(0);
  again = $state(false);

  constructor(models: readonly string[], benchmarks: readonly number[], leaks: LeakTreatment) {
    this.models = new Set(models);
    this.benchmarks = new Set(benchmarks);
    this.leaks = leaks;
    // What is left out of a number that is there already has to be measured anew.
    this.again = leaks === 'exclude';
  }

  /** Networks, as far as they are known before folders are read and checkpoints counted. */
  get networks(): number {
    return this.models.size + this.runs.size + this.files.length + this.ensembles.length;
  }

  get measurements(): number {
    return this.networks * this.benchmarks.size * this.protocols.size;
  }

  /** Features of the ticked models put together, as one network more. */
  addEnsemble(): void {
    const parts = [...this.models];
    const known = this.ensembles.some((one) => one.toSorted().join() === parts.toSorted().join());
    if (parts.length > 1 && !known) this.ensembles = [...this.ensembles, parts];
  }

  addFile(path: string): void {
    const clean = path.trim();
    if (clean !== '') this.files = [...new Set([...this.files, clean])];
  }

  get input(): Input<'evaluations.start'> {
    const { flip, leaks, trainedOn, resamples, seed, again } = this;
    return {
      models: [...this.models],
      runs: [...this.runs].map(([run, checkpoint]) => ({ run, checkpoint })),
      files: [...this.files],
      ensembles: this.ensembles.map((one) => [...one]),
      benchmarks: [...this.benchmarks],
      protocols: [...this.protocols],
      ...{ flip, leaks, trainedOn, resamples, seed, again },
    };
  }
}

/** A set with the item, or without it where it was in. */
export function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}
