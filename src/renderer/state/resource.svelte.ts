import { untrack } from 'svelte';
import { Cancelled, type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Topic } from '../../core/contract/api.ts';
import { useApp } from './context.ts';

/** Something that is loaded: the last value stays while the next one is on its way, so that nothing jumps. */
export class Resource<T> {
  value = $state.raw<T | undefined>(undefined);
  error = $state.raw<ErrorInfo | null>(null);
  loading = $state(true);
  #controller: AbortController | null = null;

  /** Loads; an earlier load that still runs is cancelled and never answers late. */
  async load(fetch: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    // Called inside the caller's effect, so that it follows what `fetch` reads before its first wait.
    const promise = fetch(controller.signal);
    untrack(() => {
      this.loading = true;
    });
    try {
      const value = await promise;
      if (this.#controller !== controller) return;
      this.value = value;
      this.error = null;
      this.loading = false;
    } catch (thrown) {
      if (this.#controller !== controller) return;
      this.loading = false;
      if (!(thrown instanceof Cancelled)) this.error = toErrorInfo(thrown);
    }
  }

  close(): void {
    this.#controller?.abort();
    this.#controller = null;
  }
}

/**
 * A resource that follows the state which `fetch` reads, and loads again when one of the topics changes or the
 * connection comes back. For use while a component is set up.
 */
export function useResource<T>(
  topics: readonly Topic[],
  fetch: (signal: AbortSignal) => Promise<T>,
): Resource<T> {
  const app = useApp();
  const resource = new Resource<T>();
  $effect(() => {
    app.live.version(...topics);
    app.connection.generation;
    void resource.load(fetch);
  });
  $effect(() => () => resource.close());
  return resource;
}
