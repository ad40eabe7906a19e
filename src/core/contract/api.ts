import type { z } from 'zod';
import { appMethods } from './app.ts';
import { benchmarkMethods } from './benchmarks.ts';
import { cleaningMethods } from './cleaning.ts';
import { datasetMethods } from './datasets.ts';
import { evaluationMethods, mapMethods } from './evaluations.ts';
import { faceMethods } from './faces.ts';
import { type Job, jobMethods } from './jobs.ts';
import type { Method } from './method.ts';
import { modelMethods } from './models.ts';
import { peopleMethods } from './people.ts';
import { pluginMethods } from './plugins.ts';
import { type Run, type RunPoints, runMethods } from './runs.ts';
import { type Sample, sampleMethods } from './sample.ts';
import { searchMethods } from './search.ts';
import { trainingMethods } from './training.ts';
import { versionMethods } from './versions.ts';
import { weightMethods } from './weights.ts';

/** Every method of the application. Handlers, the renderer's client and the command line are computed from it. */
export const api = {
  ...appMethods,
  ...datasetMethods,
  ...jobMethods,
  ...faceMethods,
  ...peopleMethods,
  ...searchMethods,
  ...modelMethods,
  ...versionMethods,
  ...trainingMethods,
  ...runMethods,
  ...sampleMethods,
  ...weightMethods,
  ...cleaningMethods,
  ...pluginMethods,
  ...benchmarkMethods,
  ...evaluationMethods,
  ...mapMethods,
} as const;

export type Api = typeof api;
export type MethodName = keyof Api;
/** What a caller passes: fields with defaults may be left out. */
export type Input<M extends MethodName> = z.input<Api[M]['input']>;
/** What a handler receives: validated, defaults filled in. */
export type Parsed<M extends MethodName> = z.output<Api[M]['input']>;
export type Output<M extends MethodName> = Api[M] extends Method<z.ZodType, infer Result> ? Result : never;

/** What parts of the data an event says have changed. */
export const topics = [
  'datasets',
  'photos',
  'faces',
  'people',
  'clusters',
  'models',
  'journal',
  'settings',
  'versions',
  'runs',
  'plugins',
  'benchmarks',
  'evaluations',
  'maps',
] as const;
export type Topic = (typeof topics)[number];

export interface Events {
  readonly 'job.changed': Job;
  readonly 'run.changed': Run;
  /** Steps that were just taken; told at least once a second while a run trains. */
  readonly 'run.points': RunPoints;
  /** How the sample project goes; told a few times a second. */
  readonly 'sample.changed': Sample;
  readonly 'data.changed': { readonly topics: readonly Topic[] };
}
export type EventName = keyof Events;

/** Progress that a long call reports while it runs. */
export interface Progress {
  readonly done: number;
  readonly total: number | null;
  readonly detail: string;
}

/** What a handler is given besides its input. */
export interface CallContext {
  readonly signal: AbortSignalLike;
  readonly progress: (progress: Progress) => void;
}

/** The part of the platform's AbortSignal that the contract needs; core knows neither Node nor the DOM. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export type Handlers = {
  readonly [M in MethodName]: (input: Parsed<M>, context: CallContext) => Promise<Output<M>> | Output<M>;
};

/** What every caller sees, whatever lies between: the renderer, the command line, tests. */
export interface Client {
  call<M extends MethodName>(
    method: M,
    input: Input<M>,
    options?: { signal?: AbortSignalLike; onProgress?: (progress: Progress) => void },
  ): Promise<Output<M>>;
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  close(): void;
}
