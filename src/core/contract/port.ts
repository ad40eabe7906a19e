/** A two-way line for text: a WebSocket, a MessagePort, or two ends in memory. */
export interface Port {
  post(text: string): void;
  onMessage(listener: (text: string) => void): void;
  /** Called once, when either end closes. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Two ends in memory. `defer` runs deliveries later, so that neither end is called back while it posts. */
export function portPair(defer: (deliver: () => void) => void): readonly [Port, Port] {
  const listeners: ((text: string) => void)[][] = [[], []];
  const closers: (() => void)[] = [];
  let open = true;
  const end = (mine: 0 | 1): Port => ({
    post: (text) => {
      if (!open) return;
      defer(() => {
        for (const listener of listeners[1 - mine] ?? []) listener(text);
      });
    },
    onMessage: (listener) => {
      listeners[mine]?.push(listener);
    },
    onClose: (listener) => {
      closers.push(listener);
    },
    close: () => {
      if (!open) return;
      open = false;
      for (const closer of closers) closer();
    },
  });
  return [end(0), end(1)];
}
