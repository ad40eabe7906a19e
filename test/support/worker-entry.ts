import { openChannel } from '../../src/main/workers/channel.ts';
import { endWithParent } from '../../src/main/workers/disconnect.ts';

/**
 * A worker process for tests of what happens to processes: it answers and dies as it is asked to. Started like
 * src/main/workers/entry.ts, without any of the application's jobs.
 */
const stop = new AbortController();
endWithParent();

async function run(how: string): Promise<Record<string, number>> {
  switch (how) {
    case 'ask the host': {
      const said = (await channel.ask('double', 21)) as number;
      return { said };
    }
    case 'exit':
      console.error('about to leave');
      process.exit(7);
      break;
    case 'throw later':
      setTimeout(() => {
        throw new Error('nobody catches this');
      }, 1);
      break;
    case 'kill':
      console.log('first line\nsecond line');
      console.error('last words');
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);
      break;
    case 'stop nicely':
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
      await channel.ask('double', 1);
      return { stopped: 1 };
    case 'stop slowly':
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 400));
      await channel.ask('double', 2);
      return { stopped: 1 };
    case 'much log':
      for (let i = 0; i < 500; i++) console.log(`line ${i} ${'x'.repeat(i === 499 ? 1000 : 0)}`);
      return { lines: 500 };
    default:
      return { pid: process.pid };
  }
  return await new Promise(() => {});
}

const channel = openChannel(
  {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
  },
  async (method, input) => {
    if (method === 'run') return await run((input as { setup: string }).setup);
    if (method === 'serve') {
      const { setup } = input as { setup: string };
      if (setup === 'fail') throw new Error('cannot start');
      Object.assign(globalThis, { setup });
      return null;
    }
    if (method === 'pid') return process.pid;
    if (method === 'setup') return (globalThis as { setup?: string }).setup;
    if (method === 'slow') return await new Promise((resolve) => setTimeout(resolve, 300, 'done'));
    return await run(method);
  },
  (topic) => {
    if (topic === 'stop') stop.abort();
  },
);
