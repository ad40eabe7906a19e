import type { Port } from '../../../core/contract/port.ts';

/** What Electron's MessagePortMain and Node's MessagePort have in common. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Electron wraps what arrives into an event, Node does not. */
function textOf(message: unknown): string | null {
  if (typeof message === 'string') return message;
  if (typeof message !== 'object' || message === null || !('data' in message)) return null;
  return typeof message.data === 'string' ? message.data : null;
}

/** A page's MessagePort as a port of the contract. Whatever is not text is dropped: our pages never send it. */
export function messagePort(port: MessagePortLike): Port {
  let open = true;
  port.on('close', () => {
    open = false;
  });
  return {
    post: (text) => {
      if (open) port.postMessage(text);
    },
    onMessage: (listener) => {
      port.on('message', (message) => {
        const text = textOf(message);
        if (text !== null) listener(text);
      });
      port.start();
    },
    onClose: (listener) => {
      port.on('close', listener);
    },
    close: () => {
      open = false;
      port.close();
    },
  };
}
