import { error } from '../../core/base/errors.ts';
import type { Port } from '../../core/contract/port.ts';

/** Opens the session (the host sets the cookie that media requests need), then the socket. */
export async function openWeb(token: string | null): Promise<Port> {
  if (token === null) throw error('ui/no-token');
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
  }).catch((cause: unknown) => {
    throw error('ui/unreachable', {}, cause);
  });
  if (answer.status === 401 || answer.status === 403) throw error('ui/no-token');
  if (!answer.ok) throw error('ui/unreachable');
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return socketPort(new WebSocket(`${scheme}://${location.host}/rpc`, ['lineament', token]));
}

/** Resolves when the socket is open; rejects with `ui/unreachable` when it closes before. */
export function socketPort(socket: WebSocket): Promise<Port> {
  return new Promise((resolve, reject) => {
    let opened = false;
    const closers: (() => void)[] = [];
    socket.addEventListener('close', () => {
      if (!opened) reject(error('ui/unreachable'));
      for (const closer of closers) closer();
    });
    socket.addEventListener('open', () => {
      opened = true;
      resolve({
        post: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text);
        },
        onMessage: (listener) =>
          socket.addEventListener('message', (event: MessageEvent<unknown>) => {
            if (typeof event.data === 'string') listener(event.data);
          }),
        onClose: (listener) => void closers.push(listener),
        close: () => socket.close(),
      });
    });
  });
}
