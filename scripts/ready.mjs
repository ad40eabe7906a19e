// Makes a clone ready to run: packages, models, build. Plain JavaScript for Node 20: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
const bin = at('node_modules', '.bin');

/** Said on stderr: stdout belongs to whoever called. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

class Failed extends Error {}

/** Ends the process with the failure's message alone; anything else is a defect and shows its stack. */
export async function main(work) {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof Failed)) throw thrown;
    say(thrown.message);
    process.exitCode = 1;
  }
}

function isModern(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18); // runs TypeScript as it is
}

/** A Node that can run everything: this one, or the one that npm installed. */
export function modernNode() {
  if (isModern(process.versions.node)) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const packed = at('node_modules', `node-${platform}-${process.arch}`, 'bin', name);
  if (existsSync(packed)) return packed;
  throw new Failed(
    `Lineament needs Node 22.18 or newer; this is ${process.versions.node}, and npm has none for ${platform} on ${process.arch}. Install a newer Node.`,
  );
}

/** The environment in which the installed tools and the modern Node are found first. */
export function environment(more = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = [dirname(modernNode()), bin, process.env.PATH ?? ''].join(separator);
  return { ...process.env, PATH: path, ...more };
}

function run(command, args, options = {}) {
  // Standard output of a step is a message like any other.
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (result.error) throw new Failed(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) throw new Failed(`${options.what ?? command} failed.`);
}

/** Runs a script of an installed package, or one of our own, with the modern Node. */
export function node(script, args = [], options = {}) {
  run(modernNode(), [script, ...args], { env: environment(), ...options });
}

const versions = (path) => {
  const { packages } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.entries(packages).filter(([name]) => name !== '');
};

/** Whether every package of the lockfile is installed in its version; optional ones may be missing. */
function isInstalled() {
  const installed = at('node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = new Map(versions(installed).map(([name, { version }]) => [name, version]));
  return versions(at('package-lock.json')).every(
    ([name, { version, optional, devOptional, peer }]) =>
      have.get(name) === version || ((optional || devOptional || peer) && !have.has(name)),
  );
}

export function ensureInstalled() {
  if (isInstalled()) return;
  say('Installing packages …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    what: 'npm ci',
    shell: process.platform === 'win32',
  });
}

export function ensureModels() {
  node(at('scripts', 'build-models', 'main.ts'), ['--quiet'], { what: 'Making the built-in models' });
}

/** A fingerprint of what the build is made from: paths, sizes and times. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stats = statSync(path);
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
  };
  for (const name of [
    'src',
    'resources/icon.svg',
    'package-lock.json',
    'tsconfig.base.json',
    'scripts/ready.mjs',
  ]) {
    visit(at(name));
  }
  return hash.digest('hex');
}

export function ensureBuilt() {
  const stamp = at('dist', '.stamp');
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  say('Building …');
  node(at('node_modules', 'typescript', 'bin', 'tsc'), ['-b', 'src/main/hosts/electron'], {
    what: 'The type check',
  });
  node(at('node_modules', 'vite', 'bin', 'vite.js'), ['build', 'src/renderer', '--logLevel', 'warn'], {
    what: 'The build of the interface',
  });
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(stamp, now);
}

export function ensureReady() {
  ensureInstalled();
  ensureModels();
  ensureBuilt();
}
