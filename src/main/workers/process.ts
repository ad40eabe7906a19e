import { type ChildProcess, fork } from 'node:child_process';
import { finished } from 'node:stream/promises';
import { error } from '../../core/base/errors.ts';
import { type Channel, openChannel } from './channel.ts';

const logLines = 40;

/** A process of the application's own that does heavy work. */
export interface WorkerProcess {
  readonly pid: number;
  readonly channel: Channel;
  /** The last lines that it wrote. */
  logTail(): readonly string[];
  /** Resolves when the process has ended; with what is wrong where it ended by itself. */
  readonly ended: Promise<Error | null>;
  /** Asks it to end, and makes it after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts `entry` (src/main/workers/entry.ts) as a process of its own. Under Electron the same binary runs as Node.
 * When it dies, everything that waits for it fails with `job/worker-died`.
 */
export function startProcess(
  entry: URL,
  options: {
    readonly answer: (method: string, input: unknown) => unknown;
    readonly onTell: (topic: string, value: unknown) => void;
  },
): WorkerProcess {
  const child: ChildProcess = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const log: string[] = [];
  for (const pipe of [child.stdout, child.stderr]) {
    let rest = ''; // a line may come in pieces
    const keep = (line: string): void => {
      if (line.trim() !== '') log.push(line.slice(0, 500));
      if (log.length > logLines) log.splice(0, log.length - logLines);
    };
    pipe?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()?.slice(0, 500) ?? '';
      lines.forEach(keep);
    });
    pipe?.on('end', () => keep(rest));
  }

  const channel = openChannel(
    {
      // The other end may be gone between the check and the call; `ended` tells whoever waits.
      send: (message) => {
        if (child.connected) child.send(message as object, () => {});
      },
      onMessage: (listener) => void child.on('message', listener),
    },
    options.answer,
    options.onTell,
  );

  let closing = false;
  const ended = new Promise<Error | null>((resolve) => {
    const end = (detail: string): void => {
      const reason = error('job/worker-died', { detail, log: log.slice(-3).join(' | ') });
      channel.close(reason);
      resolve(closing ? null : reason);
    };
    child.once('error', (thrown) => end(thrown.message));
    // Not 'close': it does not come once the channel was disconnected. The pipes are drained, so that the log is whole.
    child.once('exit', (code, signal) => {
      const drained = [child.stdout, child.stderr].flatMap((pipe) => (pipe === null ? [] : [finished(pipe)]));
      void Promise.allSettled(drained).then(() =>
        end(signal === null ? `exit code ${code}` : `signal ${signal}`),
      );
    });
  });
  return {
    pid: child.pid ?? 0,
    channel,
    logTail: () => [...log],
    ended,
    close: async (graceMs = 2000) => {
      closing = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
