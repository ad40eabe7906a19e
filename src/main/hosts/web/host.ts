import { createServer, type Server } from 'node:http';
import { assert } from '../../../core/base/assert.ts';
import { error, toErrorInfo } from '../../../core/base/errors.ts';
import type { Application } from '../../../core/contract/serve.ts';
import type { MediaRequest, MediaResponse } from '../../app/media.ts';
import { openPageFiles } from '../page/files.ts';
import { errorAnswer, send } from './answer.ts';
import { answer, type Site } from './requests.ts';
import { openSockets } from './sockets.ts';
import { isToken, newToken } from './token.ts';
import { uploadLimit } from './upload.ts';

export interface WebHostOptions {
  readonly app: Application & { readonly media: (request: MediaRequest) => Promise<MediaResponse> };
  /** 0 for any that is free. */
  readonly port: number;
  /** What `vite build` wrote. */
  readonly rendererDir: string;
  /** A random one if left out. */
  readonly token?: string;
  /** Longest upload in bytes. */
  readonly uploadLimit?: number;
}

export interface WebHost {
  /** The address to open, with the token in its fragment, which browsers send to nobody. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  /** Ends every connection. The application is the caller's to close. */
  close(): Promise<void>;
}

async function listen(server: Server, port: number): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen({ host: '127.0.0.1', port, exclusive: true }, listening.resolve);
  try {
    await listening.promise;
  } catch (thrown) {
    throw error('host/port-taken', { port, detail: toErrorInfo(thrown).message }, thrown);
  }
  server.removeListener('error', listening.reject);
  const address = server.address();
  assert(typeof address === 'object' && address !== null, 'a TCP server has an address');
  return address.port;
}

/**
 * Serves the interface on 127.0.0.1 to whoever has the token.
 * Throws `host/no-interface`, `host/bad-token` or `host/port-taken`.
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const token = options.token ?? newToken();
  if (!isToken(token)) throw error('host/bad-token');
  const files = await openPageFiles(options.rendererDir);
  const server = createServer();
  const port = await listen(server, options.port);
  const { media } = options.app;
  const limit = options.uploadLimit ?? uploadLimit;
  const site: Site = { port, token, session: newToken(), uploadLimit: limit, files, media };
  const sockets = openSockets(options.app, site);

  // Nothing can have arrived yet: no turn of the event loop has passed since `listen`.
  server.on('request', (request, response) => {
    answer(request, site)
      .catch((thrown: unknown) => errorAnswer(request, 500, toErrorInfo(thrown)))
      .then((found) => send(request, response, found))
      .catch(() => response.destroy());
  });
  server.on('upgrade', sockets.upgrade);
  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    token,
    port,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await sockets.close();
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
