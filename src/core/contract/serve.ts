import type { z } from 'zod';
import { Cancelled, error, toErrorInfo } from '../base/errors.ts';
import {
  type AbortSignalLike,
  api,
  type CallContext,
  type EventName,
  type Events,
  type Handlers,
  type MethodName,
} from './api.ts';
import { issuesOf, messageLimit, parseMessage, type Reply, request } from './messages.ts';
import type { Port } from './port.ts';

/** The application as a host sees it: handlers, and events to pass on. */
export interface Application {
  readonly handlers: Handlers;
  /** Calls the listener with every event; returns how to stop. */
  subscribe(listener: <E extends EventName>(event: E, payload: Events[E]) => void): () => void;
}

/** Whoever can make a signal and abort it: the platform's AbortController. */
export type NewAbort = () => { readonly signal: AbortSignalLike; abort(): void };

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(api, name);
}

/** Validates the input and calls the handler; throws `rpc/unknown-method`, `rpc/bad-input` or the handler's error. */
export async function dispatch(
  handlers: Handlers,
  name: string,
  input: unknown,
  context: CallContext,
): Promise<unknown> {
  if (!isMethod(name)) throw error('rpc/unknown-method', { method: name });
  const schema: z.ZodType = api[name].input;
  const parsed = schema.safeParse(input ?? {});
  if (!parsed.success) {
    throw error('rpc/bad-input', { method: name, detail: issuesOf(parsed.error) });
  }
  // The schema just checked what the type system cannot follow through an index.
  const handler = handlers[name] as (input: unknown, context: CallContext) => unknown;
  return await handler(parsed.data, context);
}

/** Answers calls that arrive at the port and sends it every event, until the port closes. */
export function serve(port: Port, application: Application, newAbort: NewAbort): void {
  const running = new Map<number, { abort(): void }>();
  let open = true;
  const post = (reply: Reply): void => {
    if (!open) return;
    const text = JSON.stringify(reply);
    if (text.length > messageLimit) throw error('rpc/too-large', { bytes: text.length, limit: messageLimit });
    port.post(text);
  };
  const unsubscribe = application.subscribe((event, payload) => post({ type: 'event', event, payload }));

  const answer = async (id: number, method: string, input: unknown): Promise<void> => {
    if (running.has(id)) throw error('rpc/malformed', { detail: `call ${id} is already running` });
    const controller = newAbort();
    running.set(id, controller);
    try {
      const progress: CallContext['progress'] = (progress) => post({ type: 'progress', id, progress });
      const result = await dispatch(application.handlers, method, input, {
        signal: controller.signal,
        progress,
      });
      post({ type: 'result', id, result });
    } catch (thrown) {
      post(
        thrown instanceof Cancelled
          ? { type: 'cancelled', id }
          : { type: 'error', id, error: toErrorInfo(thrown) },
      );
    } finally {
      running.delete(id);
    }
  };

  port.onMessage((text) => {
    if (!open) return;
    try {
      const message = parseMessage(request, text);
      if (message.type === 'cancel') running.get(message.id)?.abort();
      else {
        answer(message.id, message.method, message.input).catch((thrown: unknown) =>
          post({ type: 'refused', error: toErrorInfo(thrown) }),
        );
      }
    } catch (thrown) {
      post({ type: 'refused', error: toErrorInfo(thrown) });
    }
  });
  port.onClose(() => {
    open = false;
    unsubscribe();
    for (const controller of running.values()) controller.abort();
  });
}
