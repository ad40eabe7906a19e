import type { EventName, Events, Topic } from '../../core/contract/api.ts';

export type Listener = <E extends EventName>(event: E, payload: Events[E]) => void;

export interface EventHub {
  emit<E extends EventName>(event: E, payload: Events[E]): void;
  /** Says that data changed; what is said within a short time becomes one event. */
  changed(...topics: readonly Topic[]): void;
  subscribe(listener: Listener): () => void;
  /** Grows whenever one of these topics changed: for caches. */
  version(...topics: readonly Topic[]): number;
  close(): void;
}

const gatherMs = 150;

export function eventHub(): EventHub {
  const listeners = new Set<Listener>();
  const gathered = new Set<Topic>();
  const versions = new Map<Topic, number>();
  let timer: NodeJS.Timeout | undefined;
  const emit = <E extends EventName>(event: E, payload: Events[E]): void => {
    for (const listener of listeners) {
      try {
        listener(event, payload);
      } catch (thrown) {
        // A page that is gone must not stop the work that told it something.
        console.error(`a listener of ${event} failed:`, thrown);
      }
    }
  };
  return {
    emit,
    changed: (...topics) => {
      for (const topic of topics) {
        gathered.add(topic);
        versions.set(topic, (versions.get(topic) ?? 0) + 1);
      }
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
    version: (...topics) => topics.reduce((sum, topic) => sum + (versions.get(topic) ?? 0), 0),
    close: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
