import { error } from '../../core/base/errors.ts';
import type { Port } from '../../core/contract/port.ts';

const patience = 15_000; // milliseconds until the main process must have answered

/** Asks the preload for a MessagePort to the application: `lineament:ready` out, `lineament:port` in. */
export function openElectron(page: Window): Promise<Port> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      page.removeEventListener('message', receive);
    };
    const receive = (event: MessageEvent<unknown>): void => {
      const { data } = event;
      const port = event.ports[0];
      if (event.source !== page || port === undefined) return;
      if (typeof data !== 'object' || data === null) return;
      if (!('type' in data) || data.type !== 'lineament:port') return;
      stop();
      resolve(messagePort(port));
    };
    const timer = setTimeout(() => {
      stop();
      reject(error('ui/unreachable'));
    }, patience);
    page.addEventListener('message', receive);
    page.postMessage({ type: 'lineament:ready' }, '*');
  });
}

function messagePort(port: MessagePort): Port {
  port.start();
  return {
    post: (text) => port.postMessage(text),
    onMessage: (listener) =>
      port.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (typeof event.data === 'string') listener(event.data);
      }),
    onClose: (listener) => port.addEventListener('close', listener, { once: true }),
    close: () => port.close(),
  };
}
