import type { Terminal } from './main.ts';

/** One Ctrl-C may arrive twice: from the terminal, and passed on by whoever started this process. */
const oneCtrlC = 700; // milliseconds

/** The process's own terminal. A second Ctrl-C ends at once. */
export function processTerminal(): Terminal {
  const stop = new AbortController();
  let first = 0;
  const onSignal = (): void => {
    if (!stop.signal.aborted) first = performance.now();
    else if (performance.now() - first > oneCtrlC) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // Whoever read what is printed may have seen enough (`| head`): that is no failure.
  process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EPIPE') throw thrown;
    stop.abort();
  });
  let transient = false;
  return {
    args: process.argv.slice(2),
    env: process.env,
    signal: stop.signal,
    out: (text) => {
      if (transient && process.stderr.isTTY) process.stderr.write('\r\x1b[K');
      transient = false;
      process.stdout.write(`${text}\n`);
    },
    err: (text, replaceable = false) => {
      if (!process.stderr.isTTY) {
        if (!replaceable) process.stderr.write(`${text}\n`);
        return;
      }
      process.stderr.write(replaceable ? `\r\x1b[K${text}` : `${transient ? '\n' : ''}${text}\n`);
      transient = replaceable;
    },
  };
}
