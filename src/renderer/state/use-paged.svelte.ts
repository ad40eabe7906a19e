import { untrack } from 'svelte';
import type { Topic } from '../../core/contract/api.ts';
import type { Page } from '../../core/contract/method.ts';
import { useApp } from './context.ts';
import { PagedList } from './paged-list.svelte.ts';

/**
 * A paged list of what `key` describes: another key starts another list, a change of the topics fetches again what is
 * in view. For use while a component is set up.
 */
export function usePaged<T, K>(
  topics: readonly Topic[],
  key: () => K,
  fetch: (key: K, offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>,
): PagedList<T> {
  const app = useApp();
  const list = new PagedList<T>((offset, limit, signal) => fetch(untrack(key), offset, limit, signal));
  let last: string | null = null;
  $effect(() => {
    const now = JSON.stringify(key());
    app.live.version(...topics);
    app.connection.generation;
    untrack(() => {
      if (now === last) list.refresh();
      else list.reset();
      last = now;
    });
  });
  $effect(() => () => list.close());
  return list;
}
