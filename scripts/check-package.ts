/** Checks a packed application: `node scripts/check-package.ts [FOLDER]`. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openPacked, type Packed } from './packaging/archive.ts';
import { unresolvedImports } from './packaging/imports.ts';

interface Manifest {
  readonly main: string;
  readonly version: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

const entries = [
  'dist/main/hosts/electron/main.js',
  'dist/main/hosts/electron/app-process.js',
  'dist/main/hosts/electron/preload.cjs',
  'dist/main/workers/entry.js',
];

/** Native libraries that must lie beside the archive, for a platform. */
export function nativeLibraries(platform: string, arch: string): readonly RegExp[] {
  const target = `${platform}-${arch}`;
  const onnxruntime =
    { win32: 'onnxruntime\\.dll', darwin: 'libonnxruntime\\..+\\.dylib' }[platform] ??
    'libonnxruntime\\.so\\.1';
  const vips =
    { win32: `sharp-${target}/lib/libvips-.+\\.dll` }[platform] ??
    `sharp-libvips-${target}/lib/libvips-cpp\\..+`;
  return [
    new RegExp(`^node_modules/@img/sharp-${target}/lib/sharp-.+\\.node$`),
    new RegExp(`^node_modules/@img/${vips}$`),
    new RegExp(`^node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding\\.node$`),
    new RegExp(`^node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/${onnxruntime}$`),
    new RegExp(`^node_modules/better-sqlite3/prebuilds/${target}\\.node$`),
  ];
}

function checkNative(packed: Packed, platform: string, arch: string): string[] {
  const problems = nativeLibraries(platform, arch).flatMap((pattern) => {
    const found = packed.files.filter((file) => pattern.test(file));
    if (found.length === 0) return [`no file matches ${pattern.source}`];
    return found.filter((file) => !packed.unpacked(file)).map((file) => `${file} lies inside the archive`);
  });
  const foreign = packed.files.filter((file) => {
    const binary = /\.(node|dylib|dll|so)(\.[\d.]+)?$/.test(file);
    return binary && !file.includes(platform) && !file.startsWith('node_modules/@tensorflow/');
  });
  return [...problems, ...foreign.map((file) => `${file} is of another platform`)];
}

/** Every model of the index with all its files, the same bytes as in the tree. */
function checkModels(packed: Packed, root: string): string[] {
  const folder = 'resources/models';
  const names = readJson<{ readonly models: readonly string[] }>(join(root, folder, 'index.json')).models;
  const wanted = [`${folder}/index.json`];
  for (const name of names) {
    const card = `${folder}/${name}.json`;
    wanted.push(card);
    // Whatever its shape, a card names the files that it needs.
    const text = readFileSync(join(root, card), 'utf8');
    for (const [, file] of text.matchAll(/"([\w@+./-]+\.(?:onnx|txt))"/g)) wanted.push(`${folder}/${file}`);
  }
  const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  return wanted.flatMap((file) => {
    if (!packed.files.includes(file)) return [`${file} is missing`];
    if (!packed.unpacked(file)) return [`${file} lies inside the archive`];
    const copy = join(packed.resources, 'app.asar.unpacked', file);
    return digest(copy) === digest(join(root, file)) ? [] : [`${file} was changed`];
  });
}

function checkStrays(packed: Packed, manifest: Manifest): string[] {
  const ours = /^(package\.json$|dist\/(core|main|renderer)\/|resources\/models\/|node_modules\/)/;
  const development = Object.keys(manifest.devDependencies ?? {});
  return packed.files.flatMap((file) => {
    if (!ours.test(file)) return [`${file} does not belong there`];
    if (/\.([mc]?ts|map|tsbuildinfo)$/.test(file)) return [`${file} is of use to developers only`];
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(file)?.[1];
    if (name !== undefined && development.includes(name)) return [`${name} is a development dependency`];
    if (name !== undefined && /^node-(linux|win)-/.test(name)) return [`${name} is a second Node`];
    return [];
  });
}

/** Uses sharp and SQLite once, and loads every model, in a process that sees nothing but the extracted application. */
const nativeTrial = `
  const { default: sharp } = await import('sharp');
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).png().toBuffer();
  if (png.length === 0) throw new Error('sharp made nothing');
  const { default: Database } = await import('better-sqlite3');
  if (new Database(':memory:').prepare('SELECT 6 * 7').pluck().get() !== 42) throw new Error('SQLite cannot count');
  const { InferenceSession } = await import('onnxruntime-node');
  for (const model of process.argv.slice(1)) {
    await (await InferenceSession.create(model, { intraOpNumThreads: 1 })).release();
  }
`;

/**
 * Runs the application's process as Electron would, with a stand-in for its line to the main process: it has to say that
 * it is ready, answer a page, and close.
 */
const processTrial = `
  import { MessageChannel } from 'node:worker_threads';
  import { pathToFileURL } from 'node:url';
  const { port1: page, port2: port } = new MessageChannel();
  let tell;
  const said = [];
  process.parentPort = {
    on: (_event, listener) => {
      tell = (type, ports) => listener({ data: { type }, ports });
    },
    postMessage: (message) => {
      said.push(message.type);
      if (message.type === 'failed') console.error(message.error.message);
      if (message.type !== 'ready') return;
      tell('port', [port]);
      page.postMessage(JSON.stringify({ type: 'call', id: 1, method: 'models.list', input: {} }));
    },
  };
  page.on('message', (text) => {
    const message = JSON.parse(text);
    if (message.id !== 1) return;
    said.push(message.type + ' ' + (message.result?.length ?? JSON.stringify(message)));
    page.close();
    tell('close', []);
  });
  process.on('exit', () => console.log(said.join(', ')));
  await import(pathToFileURL('dist/main/hosts/electron/app-process.js').href);
`;

async function trial(folder: string, script: string, args: readonly string[]): Promise<string> {
  const all = ['--input-type=module', '-e', script, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, all, { cwd: folder, timeout: 120_000 });
  return stdout.trim();
}

async function checkRuns(packed: Packed, extracted: string, version: string): Promise<string[]> {
  const reason = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
  const models = packed.files
    .filter((file) => file.startsWith('resources/models/') && file.endsWith('.onnx'))
    .map((file) => join(packed.resources, 'app.asar.unpacked', file));
  try {
    await trial(extracted, nativeTrial, models);
  } catch (thrown) {
    return [`a native package does not work: ${reason(thrown)}`];
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'lineament-data-'));
  try {
    const said = await trial(extracted, processTrial, [version, dataDir]);
    return /^ready, result [1-9]\d*, closed$/.test(said) ? [] : [`the application's process said: ${said}`];
  } catch (thrown) {
    return [`the application's process does not run: ${reason(thrown)}`];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What shows only when the application is whole on disk: its imports, and whether its native packages work. */
async function checkExtracted(packed: Packed, folder: string, manifest: Manifest): Promise<string[]> {
  try {
    packed.extract(folder);
  } catch (thrown) {
    return [`it cannot be extracted: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
  }
  const { main, version } = readJson<Manifest>(join(folder, 'package.json'));
  const same = main === manifest.main && version === manifest.version;
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  return [
    ...(same ? [] : ['package.json names another version or entry']),
    ...unresolvedImports(folder, entries, { provided: ['electron'], optional }),
    ...(await checkRuns(packed, folder, version)),
  ];
}

/** What is wrong with the application that was packed to `folder`; nothing, if it is whole. For this machine's platform. */
export async function checkPackage(folder: string, root: string): Promise<string[]> {
  const packed = openPacked(folder);
  const manifest = readJson<Manifest>(join(root, 'package.json'));
  const extracted = await realpath(await mkdtemp(join(tmpdir(), 'lineament-check-')));
  try {
    return [
      ...checkNative(packed, process.platform, process.arch),
      ...checkModels(packed, root),
      ...checkStrays(packed, manifest),
      ...(await checkExtracted(packed, extracted, manifest)),
    ];
  } finally {
    await rm(extracted, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const folder = resolve(process.argv[2] ?? join(root, 'out', 'linux-unpacked'));
  const problems = await checkPackage(folder, root);
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? `${folder} is whole.` : `${problems.length} problems.`);
  if (problems.length > 0) process.exitCode = 1;
}
