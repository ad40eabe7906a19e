import { fileURLToPath } from 'node:url';
import { type MessagePortMain, utilityProcess } from 'electron';
import type { AppChild } from '../desktop/supervisor.ts';

/** Forks the application's process; its output goes where ours goes. */
export function forkApp(dataDir: string, version: string): AppChild<MessagePortMain> {
  const entry = fileURLToPath(new URL('./app-process.js', import.meta.url));
  const child = utilityProcess.fork(entry, [version, dataDir], {
    serviceName: 'Lineament application',
    stdio: 'inherit',
  });
  return {
    post: (message, ports = []) => child.postMessage(message, [...ports]),
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.once('exit', listener);
    },
    kill: () => {
      // The last resort: whatever can be asked was asked.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}
