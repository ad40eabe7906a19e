/** What a job is given besides its input. */
export interface JobContext {
  /** Aborted when the user pauses or cancels: come to a safe point and throw `Cancelled`. */
  readonly signal: AbortSignal;
  progress(done: number, total: number | null): void;
  log(line: string): void;
}

/** Figures of what was done, by name. */
export type Summary = Readonly<Record<string, number>>;

/**
 * A job runs in a process of its own: it is given its setup, and asks the application (its host) for more to do and to
 * save what is done. It never opens the database.
 */
export type Job<Setup, Host> = (setup: Setup, host: Host, context: JobContext) => Promise<Summary>;

/** In the registry, where setup and host are whatever the job of that name was written for. */
export type AnyJob = Job<never, never>;
