import { toErrorInfo } from '../../core/base/errors.ts';
import { jobs } from '../jobs/index.ts';
import { services } from '../jobs/services.ts';
import { answerWith, openChannel, remote } from './channel.ts';
import { endWithParent } from './disconnect.ts';

/**
 * The program of a worker process. It is asked once to `run` a job, or to `serve` a service and then whatever that
 * service answers. It ends when its parent does.
 */
function main(): void {
  const stop = new AbortController();
  let service: ((method: string, input: unknown) => unknown) | null = null;
  endWithParent();
  // Ctrl-C reaches the whole group of processes; it is the parent who decides what becomes of the work.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

  const channel = openChannel(
    {
      send: (message) => {
        if (process.connected) process.send?.(message);
      },
      onMessage: (listener) => void process.on('message', listener),
    },
    async (method, input) => {
      if (method === 'run') {
        const { kind, setup } = input as { kind: string; setup: unknown };
        const job = jobs[kind];
        if (job === undefined) throw new Error(`there is no job ${kind}`);
        return await job(setup as never, remote(channel) as never, {
          signal: stop.signal,
          progress: (done, total) => channel.tell('progress', { done, total }),
          log: (line) => console.log(line),
        });
      }
      if (method === 'serve') {
        const { kind, setup } = input as { kind: string; setup: unknown };
        const start = services[kind];
        if (start === undefined) throw new Error(`there is no service ${kind}`);
        service = answerWith(await start(setup as never));
        return null;
      }
      if (service === null) throw new Error(`nothing serves ${method}`);
      return await service(method, input);
    },
    (topic) => {
      if (topic === 'stop') stop.abort();
    },
  );
  process.on('uncaughtException', (thrown) => {
    console.error(toErrorInfo(thrown).message, thrown);
    process.exit(1);
  });
}

main();
