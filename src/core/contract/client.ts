import { Cancelled, error, LineamentError } from '../base/errors.ts';
import type { Client, EventName, Events, Input, MethodName, Output, Progress } from './api.ts';
import { messageLimit, parseMessage, type Reply, type Request, reply } from './messages.ts';
import type { Port } from './port.ts';

interface Pending {
  resolve(result: unknown): void;
  reject(reason: unknown): void;
  progress: ((progress: Progress) => void) | undefined;
}

type Listener = (payload: unknown) => void;

/** A client at the far end of a port. Calls that are open when the port closes fail with `rpc/closed`. */
export function connect(port: Port): Client {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<Listener>>();
  let nextId = 1;
  let closed = false;
  const post = (message: Request): void => {
    const text = JSON.stringify(message);
    if (text.length > messageLimit) throw error('rpc/too-large', { bytes: text.length, limit: messageLimit });
    port.post(text);
  };
  /** Which call it was cannot be known, so none may wait for ever. */
  const failAll = (reason: Error): void => {
    const calls = [...pending.values()];
    pending.clear();
    for (const call of calls) call.reject(reason);
  };

  port.onMessage((text) => {
    let message: Reply;
    try {
      message = parseMessage(reply, text);
    } catch (thrown) {
      failAll(thrown instanceof Error ? thrown : new Error(String(thrown)));
      return;
    }
    if (message.type === 'event') {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload);
      return;
    }
    if (message.type === 'refused') {
      failAll(new LineamentError(message.error));
      return;
    }
    const call = pending.get(message.id);
    if (call === undefined) return;
    if (message.type === 'progress') {
      call.progress?.(message.progress);
      return;
    }
    pending.delete(message.id);
    if (message.type === 'result') call.resolve(message.result);
    else call.reject(message.type === 'cancelled' ? new Cancelled() : new LineamentError(message.error));
  });
  port.onClose(() => {
    closed = true;
    failAll(error('rpc/closed'));
  });

  return {
    call: <M extends MethodName>(
      method: M,
      input: Input<M>,
      options: Parameters<Client['call']>[2] = {},
    ): Promise<Output<M>> => {
      if (closed) return Promise.reject(error('rpc/closed'));
      if (options.signal?.aborted) return Promise.reject(new Cancelled());
      const id = nextId++;
      const cancel = (): void => post({ type: 'cancel', id });
      const promise = new Promise<Output<M>>((resolve, reject) => {
        // The contract gives the type of what the application sends back for this method.
        pending.set(id, {
          resolve: (result) => resolve(result as Output<M>),
          reject,
          progress: options.onProgress,
        });
        options.signal?.addEventListener('abort', cancel, { once: true });
        post({ type: 'call', id, method, input });
      });
      return promise.finally(() => {
        pending.delete(id);
        options.signal?.removeEventListener('abort', cancel);
      });
    },
    on: <E extends EventName>(event: E, listener: (payload: Events[E]) => void) => {
      const wrapped: Listener = (payload) => listener(payload as Events[E]);
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(wrapped);
      return () => void set.delete(wrapped);
    },
    close: () => port.close(),
  };
}
