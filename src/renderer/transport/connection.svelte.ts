import type { ErrorInfo } from '../../core/base/errors.ts';
import { error, hasCode, toErrorInfo } from '../../core/base/errors.ts';
import type { Client, EventName, Events, Input, MethodName, Output } from '../../core/contract/api.ts';
import { connect } from '../../core/contract/client.ts';
import type { Port } from '../../core/contract/port.ts';

/** `refused`: the application is there and does not accept this page's token; trying again is useless. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused' | 'closed';

type CallOptions = Parameters<Client['call']>[2];
type Forward = (client: Client) => () => void;

const delays = [300, 700, 1500, 3000, 5000]; // milliseconds before the next attempt; the last one repeats

/**
 * A client that survives the application: while the line is down calls fail with `rpc/closed`, attempts to reconnect
 * go on, and listeners are attached again afterwards. Calls made before the first connection wait for it.
 */
export class Connection implements Client {
  state = $state<ConnectionState>('connecting');
  /** Rises with every connection made, so that what was loaded before can be loaded again. */
  generation = $state(0);
  /** Why the last attempt failed. */
  failure = $state.raw<ErrorInfo | null>(null);

  readonly #open: () => Promise<Port>;
  readonly #forwards = new Map<Forward, (() => void) | null>();
  #client: Client | null = null;
  readonly #waiting: { resolve(client: Client): void; reject(reason: unknown): void }[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #attempt = 0;

  constructor(open: () => Promise<Port>) {
    this.#open = open;
  }

  async start(): Promise<void> {
    try {
      const port = await this.#open();
      if (this.state === 'closed') return port.close();
      const client = connect(port);
      port.onClose(() => this.#dropped());
      for (const forward of this.#forwards.keys()) this.#forwards.set(forward, forward(client));
      this.#client = client;
      this.#attempt = 0;
      this.failure = null;
      this.state = 'open';
      this.generation += 1;
      for (const waiter of this.#waiting.splice(0)) waiter.resolve(client);
    } catch (thrown) {
      this.failure = toErrorInfo(thrown);
      for (const waiter of this.#waiting.splice(0)) waiter.reject(thrown);
      if (hasCode(thrown, 'ui/no-token')) this.state = 'refused';
      else this.#dropped();
    }
  }

  /** Tries at once instead of after the delay. */
  retry(): void {
    if (this.state === 'open' || this.state === 'closed') return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    void this.start();
  }

  async call<M extends MethodName>(method: M, input: Input<M>, options?: CallOptions): Promise<Output<M>> {
    const client = this.#client ?? (await this.#first());
    return client.call(method, input, options);
  }

  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void {
    const forward: Forward = (client) => client.on(event, listener);
    this.#forwards.set(forward, this.#client === null ? null : forward(this.#client));
    return () => {
      this.#forwards.get(forward)?.();
      this.#forwards.delete(forward);
    };
  }

  close(): void {
    this.state = 'closed';
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#client?.close();
    this.#client = null;
  }

  #first(): Promise<Client> {
    if (this.state !== 'connecting') return Promise.reject(error('rpc/closed'));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #dropped(): void {
    if (this.state === 'closed') return;
    this.#client = null;
    this.state = 'lost';
    const delay = delays[Math.min(this.#attempt++, delays.length - 1)] ?? 5000;
    this.#timer = setTimeout(() => void this.start(), delay);
  }
}
