import { api, type EventName, type Events, type Handlers } from '../../../src/core/contract/api.ts';
import { connect } from '../../../src/core/contract/client.ts';
import { type Port, portPair } from '../../../src/core/contract/port.ts';
import { type Application, serve } from '../../../src/core/contract/serve.ts';

/** Handlers of which only those given exist; the others say so. */
export function handlersWith(some: Partial<Handlers>): Handlers {
  const missing = (): never => {
    throw new Error('not in this test');
  };
  const all = Object.keys(api).map((name) => [name, missing]);
  return { ...(Object.fromEntries(all) as Handlers), ...some };
}

export interface TestApplication extends Application {
  emit<E extends EventName>(event: E, payload: Events[E]): void;
  subscribers(): number;
}

export function application(some: Partial<Handlers>): TestApplication {
  const listeners = new Set<(event: EventName, payload: never) => void>();
  return {
    handlers: handlersWith(some),
    subscribe: (listener) => {
      const wrapped = listener as (event: EventName, payload: never) => void;
      listeners.add(wrapped);
      return () => void listeners.delete(wrapped);
    },
    emit: (event, payload) => {
      for (const listener of listeners) listener(event, payload as never);
    },
    subscribers: () => listeners.size,
  };
}

/** What travelled over a port, beside the port itself. */
export function watched(port: Port): { readonly port: Port; readonly sent: string[] } {
  const sent: string[] = [];
  const post = (text: string): void => {
    sent.push(text);
    port.post(text);
  };
  return { port: { ...port, post }, sent };
}

/** A client before an application with these handlers. */
export function connected(some: Partial<Handlers>) {
  const [near, far] = portPair(queueMicrotask);
  const app = application(some);
  const mine = watched(near);
  const theirs = watched(far);
  serve(theirs.port, app, () => new AbortController());
  return { app, client: connect(mine.port), near, far, asked: mine.sent, answered: theirs.sent };
}

/** An application's end of a port, spoken to in raw text. */
export function rawly(some: Partial<Handlers>) {
  const [near, far] = portPair(queueMicrotask);
  const app = application(some);
  serve(far, app, () => new AbortController());
  const replies: Record<string, unknown>[] = [];
  near.onMessage((text) => replies.push(JSON.parse(text)));
  return { app, near, replies };
}

/** Lets everything that is on its way arrive. */
export async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await Promise.resolve();
  await new Promise<void>((resolve) => setImmediate(resolve));
}
