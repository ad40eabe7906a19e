import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { messageLimit } from '../../../core/contract/messages.ts';
import { type Application, serve } from '../../../core/contract/serve.ts';
import { hostAllowed, originAllowed } from './origin.ts';
import { socketPort } from './socket-port.ts';
import { sameToken } from './token.ts';

/** First of the two subprotocols that a page offers, and the one that is answered; the second is the token. */
const subprotocol = 'lineament';

/** How long a page may take to agree to the end, in milliseconds. */
const farewell = 500;

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function offered(request: IncomingMessage): readonly string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/** The WebSockets at `/rpc`: each serves the whole contract to one page. */
export function openSockets(
  application: Application,
  site: { readonly port: number; readonly token: string },
): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    maxPayload: messageLimit,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  });
  return {
    upgrade: (request, socket, head) => {
      const [name, token, ...more] = offered(request);
      if (!hostAllowed(request.headers, site.port)) return refuse(socket, '403 Forbidden');
      if (!originAllowed(request.headers, site.port)) return refuse(socket, '403 Forbidden');
      if (request.url !== '/rpc') return refuse(socket, '404 Not Found');
      if (name !== subprotocol || more.length > 0 || !sameToken(token, site.token)) {
        return refuse(socket, '401 Unauthorized');
      }
      server.handleUpgrade(request, socket, head, (client) =>
        serve(socketPort(client), application, () => new AbortController()),
      );
    },
    close: async () => {
      const all = [...server.clients].map((client) => {
        const closed = Promise.withResolvers<void>();
        client.once('close', () => closed.resolve());
        client.close(1001, 'Lineament was stopped');
        setTimeout(() => client.terminate(), farewell).unref();
        return closed.promise;
      });
      await Promise.all(all);
      server.close();
    },
  };
}
