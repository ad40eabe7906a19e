import { type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Client } from '../../core/contract/api.ts';
import type { Run } from '../../core/contract/runs.ts';
import { useApp } from './context.ts';

/** Every training run, newest first, kept up to date by events once it was asked for. */
export class Runs {
  /** Null until it was loaded. */
  list = $state.raw<readonly Run[] | null>(null);
  error = $state.raw<ErrorInfo | null>(null);
  readonly #client: Client;
  #asked = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const list = await this.#client.call('runs.list', {});
      if (asked !== this.#asked) return;
      this.list = [...list].sort((a, b) => b.id - a.id);
      this.error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.error = toErrorInfo(thrown);
    }
  }

  get(id: number): Run | undefined {
    return this.list?.find((run) => run.id === id);
  }

  changed(run: Run): void {
    if (this.list === null) return;
    const at = this.list.findIndex((other) => other.id === run.id);
    this.list = at === -1 ? [run, ...this.list].sort((a, b) => b.id - a.id) : this.list.with(at, run);
  }

  async pause(run: Run): Promise<void> {
    await this.#client.call('runs.pause', { run: run.id });
  }

  async resume(run: Run): Promise<void> {
    this.changed(await this.#client.call('runs.continue', { run: run.id }));
  }

  async stop(run: Run): Promise<void> {
    await this.#client.call('runs.stop', { run: run.id });
  }

  async rename(run: Run, name: string): Promise<void> {
    await this.#client.call('runs.rename', { run: run.id, name });
    this.changed({ ...(this.get(run.id) ?? run), name });
  }

  async remove(run: Run): Promise<void> {
    await this.#client.call('runs.remove', { run: run.id });
    this.list = this.list?.filter((other) => other.id !== run.id) ?? null;
  }
}

/** The runs, loaded now and whenever they change. For use while a component is set up. */
export function useRuns(): Runs {
  const app = useApp();
  $effect(() => {
    app.live.version('runs');
    app.connection.generation;
    void app.runs.load();
  });
  return app.runs;
}
