// `npm start`: installs and builds what is missing, then opens the application.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureReady, environment, main, modernNode, root, say } from './ready.mjs';

const usage = `npm start -- [--data DIR] [--port N] [--no-open] [--web]
  --data DIR   the data folder
  --port N     the port to serve on, where Electron is not used
  --no-open    do not open a browser
  --web        serve to a browser even where Electron is there`;

function readOptions() {
  const types = {
    data: { type: 'string' },
    port: { type: 'string' },
    'no-open': { type: 'boolean' },
    web: { type: 'boolean' },
    help: { type: 'boolean' },
  };
  try {
    const { values } = parseArgs({ options: types });
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) throw new Error('--port takes a number');
    return values;
  } catch (thrown) {
    say(`${thrown.message}\n${usage}`);
    process.exit(2);
  }
}

const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** The installed Electron's program; null where only its package is there. */
function electronProgram() {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist');
  const named = join(root, 'node_modules', 'electron', 'path.txt');
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : 'electron';
  const program = join(dist, name);
  return existsSync(program) ? program : null;
}

function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

/** Lets Electron's package fetch its program. Gives up after a few seconds in which nothing arrived. */
function fetchElectron() {
  const folder = mkdtempSync(join(tmpdir(), 'lineament-electron-'));
  const script = join(root, 'node_modules', 'electron', 'install.js');
  const env = { ...environment(), TMPDIR: folder, TMP: folder, TEMP: folder };
  return new Promise((resolve) => {
    const child = spawn(modernNode(), [script], { env, stdio: ['ignore', 'ignore', 'ignore'] });
    let arrived = 0;
    const timer = setInterval(() => {
      const bytes = bytesIn(folder);
      if (bytes === arrived) child.kill();
      else if (arrived === 0) say('Downloading Electron, once …');
      arrived = bytes;
    }, 6000);
    child.on('exit', () => {
      clearInterval(timer);
      rmSync(folder, { recursive: true, force: true });
      resolve(electronProgram());
    });
  });
}

/** Runs a program until it ends; Ctrl-C reaches it too, and it ends in its own time. */
function runToEnd(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', (thrown) => {
      say(thrown.message);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

function openBrowser(url) {
  const [program, ...args] =
    process.platform === 'win32'
      ? ['cmd', '/c', 'start', '', url]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', url];
  // Where there is no browser to open, the address on the terminal is enough.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

function serve({ data, port, 'no-open': noOpen }) {
  const args = [join(root, 'dist', 'main', 'hosts', 'cli', 'entry.js'), 'serve'];
  if (data !== undefined) args.push('--data', data);
  if (port !== undefined) args.push('--port', port);
  return new Promise((resolve) => {
    const child = spawn(modernNode(), args, { stdio: ['inherit', 'pipe', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    let told = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      if (told === null) return;
      told += chunk;
      const url = /Lineament is at (\S+)/.exec(told)?.[1];
      if (url === undefined) return;
      told = null;
      if (!noOpen && hasDisplay) openBrowser(url);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

await main(async () => {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  ensureReady();
  if (!options.web && hasDisplay) {
    const program = electronProgram() ?? (await fetchElectron());
    if (program !== null) {
      const args = options.data === undefined ? [root] : [root, '--data', options.data];
      process.exitCode = await runToEnd(program, args, { env: environment() });
      return;
    }
    say('Electron could not be fetched, so the interface is served to a browser instead.');
  } else if (!options.web) {
    say('There is no display, so the interface is served to a browser instead of a window.');
  }
  process.exitCode = await serve(options);
});
