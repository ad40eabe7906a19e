import type { Action } from './actions.svelte.ts';
import { useApp } from './context.ts';

/** Offers actions while the component is shown. For use while a component is set up. */
export function useActions(source: () => readonly Action[]): void {
  const { actions } = useApp();
  $effect(() => actions.add(source));
}
