import { Cancelled, type ErrorInfo, error, LineamentError, toErrorInfo } from '../../core/base/errors.ts';

/** What processes send each other: structured clones, so that bytes travel as they are. */
type Message =
  | { readonly type: 'ask'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly output: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorInfo; readonly cancelled: boolean }
  | { readonly type: 'tell'; readonly topic: string; readonly value: unknown };

/** The raw line to the other process. */
export interface Line {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

export type AnyMethods = Readonly<Record<string, (input: never) => unknown>>;

/** Methods as the far side sees them: every answer is a promise. */
export type Remote<Methods extends AnyMethods> = {
  readonly [M in keyof Methods]: (
    input: Parameters<Methods[M]>[0],
  ) => Promise<Awaited<ReturnType<Methods[M]>>>;
};

export interface Channel {
  ask(method: string, input: unknown): Promise<unknown>;
  tell(topic: string, value: unknown): void;
  /** Fails everything that waits for an answer. */
  close(reason: Error): void;
}

/**
 * Both ends may ask and answer. An answer comes when the far side is done, so that a sender who waits for it can't run
 * ahead: asking is also how back-pressure works.
 */
export function openChannel(
  line: Line,
  answer: (method: string, input: unknown) => unknown,
  onTell: (topic: string, value: unknown) => void,
): Channel {
  const waiting = new Map<number, { resolve(output: unknown): void; reject(reason: Error): void }>();
  let nextId = 1;
  let closed: Error | null = null;
  const send = (message: Message): void => line.send(message);

  const answerAsk = async (id: number, method: string, input: unknown): Promise<void> => {
    try {
      send({ type: 'answer', id, output: await answer(method, input) });
    } catch (thrown) {
      send({ type: 'failed', id, error: toErrorInfo(thrown), cancelled: thrown instanceof Cancelled });
    }
  };
  line.onMessage((raw) => {
    const message = raw as Message; // both ends are this file
    if (message.type === 'tell') onTell(message.topic, message.value);
    else if (message.type === 'ask') void answerAsk(message.id, message.method, message.input);
    else {
      const waiter = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.type === 'answer') waiter?.resolve(message.output);
      else waiter?.reject(message.cancelled ? new Cancelled() : new LineamentError(message.error));
    }
  });
  return {
    ask: (method, input) =>
      new Promise((resolve, reject) => {
        if (closed !== null) {
          reject(closed);
          return;
        }
        const id = nextId++;
        send({ type: 'ask', id, method, input }); // throws where the input can't be cloned
        waiting.set(id, { resolve, reject });
      }),
    tell: (topic, value) => send({ type: 'tell', topic, value }),
    close: (reason) => {
      closed = reason;
      for (const waiter of waiting.values()) waiter.reject(reason);
      waiting.clear();
    },
  };
}

/** The far side's methods as functions. */
export function remote<Methods extends AnyMethods>(channel: Channel): Remote<Methods> {
  const proxy = new Proxy(
    {},
    {
      // `then` must not be there: whatever has one is taken for a promise.
      get: (_, method) =>
        typeof method === 'symbol' || method === 'then'
          ? undefined
          : (input: unknown) => channel.ask(method, input),
    },
  );
  return proxy as Remote<Methods>; // the far side serves exactly these
}

/** Answers with one of `methods`; asking for another is a programmer's error. */
export function answerWith(methods: AnyMethods): (method: string, input: unknown) => unknown {
  return (method, input) => {
    const found = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (found === undefined) throw error('app/internal', { detail: `a worker asked for ${method}` });
    return found(input as never);
  };
}
