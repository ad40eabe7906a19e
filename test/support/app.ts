import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../src/core/contract/api.ts';
import { connect } from '../../src/core/contract/client.ts';
import type { Job } from '../../src/core/contract/jobs.ts';
import { portPair } from '../../src/core/contract/port.ts';
import { serve } from '../../src/core/contract/serve.ts';
import type { MediaResponse } from '../../src/main/app/media.ts';
import { type App, openApp } from '../../src/main/app/open.ts';
import { modelsDir, workerEntry } from '../../src/main/hosts/places.ts';

/** Whether the built-in models were built: tests that look for faces need them. */
export const haveModels = existsSync(join(modelsDir, 'index.json'));

export interface TestApp {
  readonly app: App;
  readonly client: Client;
  /** Waits for a job to end; one that does not end well throws. */
  done(job: Job | Promise<Job>): Promise<Job>;
  get(path: string): Promise<MediaResponse>;
  /** Sends a file as a browser does; the result is `upload:ID`. */
  upload(name: string, bytes: Uint8Array): Promise<string>;
  close(): Promise<void>;
}

/** The application on a folder, called through the contract as every host calls it. `entry`: its workers' program. */
export async function openTestApp(dataDir: string, entry = workerEntry): Promise<TestApp> {
  const app = await openApp({ dataDir, host: 'cli', version: '0.0.0', modelsDir, workerEntry: entry });
  const [near, far] = portPair(setImmediate);
  serve(far, app, () => new AbortController());
  const client = connect(near);
  return {
    app,
    client,
    done: async (job) => {
      const { id } = await job;
      const ended = await client.call('jobs.wait', { job: id });
      if (ended.state === 'done') return ended;
      throw new Error(`the job ended as ${ended.state}: ${ended.error?.message} ${ended.logTail.join('\n')}`);
    },
    get: (path) => app.media({ method: 'GET', path, headers: {}, body: null }),
    upload: async (name, bytes) => {
      async function* body(): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, 7);
        yield bytes.subarray(7);
      }
      const headers = { 'x-lineament-name': encodeURIComponent(name) };
      const answer = await app.media({ method: 'POST', path: '/media/upload', headers, body: body() });
      const { upload } = JSON.parse(new TextDecoder().decode(answer.body)) as { upload: string };
      return `upload:${upload}`;
    },
    close: () => app.close(),
  };
}

/** Every file below a folder of application data that holds pictures or embeddings, by name. */
export function dataFiles(dataDir: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const folder of ['packs', 'vectors']) {
    if (!existsSync(join(dataDir, folder))) continue;
    for (const name of readdirSync(join(dataDir, folder))) {
      found.set(`${folder}/${name}`, readFileSync(join(dataDir, folder, name)));
    }
  }
  return found;
}
