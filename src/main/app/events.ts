import type { EventName, Events, Topic } from '../../core/contract/api.ts';

export type Listener = <E extends EventName>(event: E, payload: Events[E]) => void;

export interface EventHub {
  emit<E extends EventName>(event: E, payload: Events[E]): void;
  /** Says that data changed; what is said within a short time becomes one event. */
  changed(...topics: readonly Topic[]): void;
  subscribe(listener: Listener): () => void;
  close(): void;
}

const gatherMs = 150;

export function eventHub(): EventHub {
  const listeners = new Set<Listener>();
  const gathered = new Set<Topic>();
  let timer: NodeJS.Timeout | undefined;
  const emit = <E extends EventName>(event: E, payload: Events[E]): void => {
    for (const listener of listeners) listener(event, payload);
  };
  return {
    emit,
    changed: (...topics) => {
      for (const topic of topics) gathered.add(topic);
      timer ??= setTimeout(() => {
        timer = undefined;
        const payload = { topics: [...gathered] };
        gathered.clear();
        emit('data.changed', payload);
      }, gatherMs);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
