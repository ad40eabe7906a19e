import { WebSocket } from 'ws';
import { error, hasCode } from '../../../core/base/errors.ts';
import type { Client } from '../../../core/contract/api.ts';
import { connect } from '../../../core/contract/client.ts';
import { portPair } from '../../../core/contract/port.ts';
import { serve } from '../../../core/contract/serve.ts';
import { openApp } from '../../app/open.ts';
import { readHolder } from '../../store/lock.ts';
import { modelsDir, version, workerEntry } from '../places.ts';
import { socketPort } from '../web/socket-port.ts';

export interface Connection {
  readonly client: Client;
  close(): Promise<void>;
}

async function remote(url: string, token: string): Promise<Connection> {
  const { host, origin } = new URL(url);
  const socket = new WebSocket(`ws://${host}/rpc`, ['lineament', token], {
    origin,
    handshakeTimeout: 5000, // another program may have got the port of a Lineament that was killed
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const client = connect(socketPort(socket));
  return { client, close: async () => client.close() };
}

/**
 * The application on a data folder: in this process, or, where one that serves holds the folder, in that one.
 * Errors: those of `openApp`; `store/in-use` where the holder can't be reached.
 */
export async function connectTo(dataDir: string): Promise<Connection> {
  try {
    const app = await openApp({ dataDir, host: 'cli', version: version(), modelsDir, workerEntry });
    const [near, far] = portPair(setImmediate);
    serve(far, app, () => {
      const controller = new AbortController();
      return { signal: controller.signal, abort: () => controller.abort() };
    });
    return { client: connect(near), close: () => app.close() };
  } catch (thrown) {
    if (!hasCode(thrown, 'store/in-use')) throw thrown;
    const holder = readHolder(dataDir);
    if (holder?.url == null || holder.token === null) throw thrown;
    return await remote(holder.url, holder.token).catch((failure: unknown) => {
      throw error('store/in-use', { path: dataDir, pid: holder.pid }, failure);
    });
  }
}
