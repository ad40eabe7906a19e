import { fileURLToPath } from 'node:url';
import { startWebHost } from '../../../src/main/hosts/web/host.ts';
import { type FakeApp, type FakeOptions, fakeApp } from './app.ts';
import { drawnMedia } from './media.ts';
import { emptyWorld, seededWorld } from './world.ts';

export interface FakeServer {
  readonly url: string;
  readonly app: FakeApp;
  close(): Promise<void>;
}

const rendererDir = fileURLToPath(new URL('../../../dist/renderer', import.meta.url));

/** The real interface in front of the application in memory, on loopback; `vite build src/renderer` comes first. */
export async function startFakeServer(
  options: FakeOptions & { readonly faces: number; readonly port?: number; readonly token?: string },
): Promise<FakeServer> {
  const world = options.faces === 0 ? emptyWorld() : seededWorld(options.faces);
  const app = fakeApp(world, options);
  const host = await startWebHost({
    app: { handlers: app.handlers, subscribe: app.subscribe, media: drawnMedia(world) },
    port: options.port ?? 0,
    rendererDir,
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  return {
    url: host.url,
    app,
    close: async () => {
      app.close();
      await host.close();
    },
  };
}
