import { openChannel } from '../../src/main/workers/channel.ts';
import { endWithParent } from '../../src/main/workers/disconnect.ts';

/** A worker process whose devices do what devices do: work, be slow, be refused, crash, hang. */
endWithParent();

const trials: Readonly<Record<string, unknown>> = {
  cpu: { problem: null, deviceMs: 20, processorMs: 20 },
  webgpu: { problem: null, deviceMs: 3, processorMs: 20 },
  tfjs: { problem: 'its native library is not there.', deviceMs: 0, processorMs: 0 },
};

const channel = openChannel(
  {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
  },
  async (_, input) => {
    const { device } = (input as { setup: { device: string } }).setup;
    if (device === 'cuda') process.kill(process.pid, 'SIGSEGV');
    if (device === 'dml') for (;;); // a driver that never returns blocks the whole process
    if (device === 'coreml') throw new Error('no such thing');
    await channel.ask('tried', trials[device]);
    if (device === 'webgpu') process.kill(process.pid, 'SIGSEGV');
    return {};
  },
  () => {},
);
