import type { ErrorInfo } from '../../core/base/errors.ts';
import {
  type Sample,
  type SampleFindings,
  type SamplePlace,
  type SampleSize,
  type SampleStep,
  type SampleStepName,
  sampleStepNames,
} from '../../core/contract/sample.ts';
import type { Store } from '../store/database.ts';
import { getValue, setValue } from '../store/settings.ts';

/** How a step of the sample project stands. */
export interface StoredStep {
  readonly state: SampleStep['state'];
  readonly done: number;
  readonly total: number | null;
  readonly result: string | null;
  readonly seconds: number;
  readonly place: SamplePlace | null;
}

/** The sample project as it is kept in the database; an application that ends leaves it as `running`. */
export interface StoredSample {
  readonly format: typeof format;
  readonly state: Exclude<Sample['state'], 'none'>;
  readonly seed: number;
  readonly size: SampleSize;
  readonly steps: Readonly<Record<SampleStepName, StoredStep>>;
  readonly error: ErrorInfo | null;
  readonly findings: SampleFindings;
  readonly shown: readonly string[];
  /** Names of what it makes, that nothing else had when it began. */
  readonly names: Readonly<Record<'photographs' | 'crops' | 'exam' | 'run', string>>;
  readonly photographs: number | null;
  readonly crops: number | null;
  /** Crops of people who look alike, to verify on. */
  readonly exam: number | null;
  /** Hashes of the versions that are trained and verified on. */
  readonly version: string | null;
  readonly examVersion: string | null;
  readonly run: number | null;
  /** The trained network among the models. */
  readonly model: string | null;
  /** The benchmark of the people who look alike; absent in samples of older versions. */
  readonly benchmark?: number;
  /** The job under way. */
  readonly job: number | null;
}

const key = 'sample';
/** What another version of Lineament wrote is begun anew. */
const format = 2;

/** Null where none was started. */
export function loadSample(store: Store): StoredSample | null {
  const text = getValue(store, key);
  if (text === null) return null;
  const stored: StoredSample | { readonly format: unknown } = JSON.parse(text);
  return stored.format === format ? (stored as StoredSample) : null;
}

export function saveSample(store: Store, sample: StoredSample): void {
  store.write((writer) => setValue(writer, key, JSON.stringify(sample)));
}

export const noFindings: SampleFindings = {
  ...{ made: null, faces: null, clusters: null, training: null, verification: null },
  searches: [],
};

/** A step that nothing was done for yet. */
export const waiting: StoredStep = {
  ...{ state: 'waiting', done: 0, total: null, result: null, seconds: 0, place: null },
};

/** A sample of which nothing is done. */
export function newSample(seed: number, size: SampleSize, names: StoredSample['names']): StoredSample {
  const steps = Object.fromEntries(sampleStepNames.map((name) => [name, waiting]));
  return {
    ...{ format, state: 'running', seed, size, names, error: null, findings: noFindings, shown: [] },
    ...{ photographs: null, crops: null, exam: null, version: null, examVersion: null },
    ...{ run: null, model: null, job: null },
    steps: steps as Record<SampleStepName, StoredStep>,
  };
}
