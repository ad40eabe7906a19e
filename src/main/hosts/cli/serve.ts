import { once } from 'node:events';
import { openApp } from '../../app/open.ts';
import { modelsDir, rendererDir, version, workerEntry } from '../places.ts';
import { startWebHost } from '../web/host.ts';

/**
 * Serves the interface on loopback until the process is told to end. `ready` is called with the address once it can
 * be opened.
 */
export async function serveForever(options: {
  readonly dataDir: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly signal: AbortSignal;
  readonly ready: (url: string) => void;
}): Promise<void> {
  const app = await openApp({
    dataDir: options.dataDir,
    host: 'web',
    version: version(),
    modelsDir,
    workerEntry,
  });
  try {
    const host = await startWebHost({ app, port: options.port, rendererDir });
    try {
      app.announce(host);
      options.ready(host.url);
      if (!options.signal.aborted) await once(options.signal, 'abort');
    } finally {
      await host.close();
    }
  } finally {
    await app.close();
  }
}
