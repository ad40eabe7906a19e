/**
 * Packs the built application: `node scripts/package.ts [--stub] [--out DIR] [--installers]`.
 * `--stub` packs around a stand-in for Electron, where the real one was not downloaded; `--installers` makes AppImage,
 * dmg and so on, not only the folder.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type CliOptions } from 'electron-builder';
import { checkPackage } from './check-package.ts';
import { makeIcons } from './packaging/icons.ts';
import { stageApp } from './packaging/stage.ts';
import { stubElectron } from './packaging/stub-electron.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const require = createRequire(import.meta.url);

export interface PackageOptions {
  readonly stub: boolean;
  readonly installers: boolean;
  readonly out: string;
}

/** Where a download would have put Electron; requiring its package would start that download. */
function electronDist(): string | null {
  const { ELECTRON_OVERRIDE_DIST_PATH: given } = process.env;
  const dist = given ?? join(dirname(require.resolve('electron/package.json')), 'dist');
  return existsSync(dist) ? dist : null;
}

function electronVersion(): string {
  const text = readFileSync(require.resolve('electron/package.json'), 'utf8');
  const manifest = JSON.parse(text) as { version: string };
  return manifest.version;
}

/** Packs and checks; returns the folder of the unpacked application. Throws what is wrong with it. */
export async function packageApp(options: PackageOptions): Promise<string> {
  for (const needed of [
    'dist/main/hosts/electron/main.js',
    'dist/renderer/index.html',
    'resources/models/index.json',
  ]) {
    if (!existsSync(join(root, needed)))
      throw new Error(`${needed} is missing: run npm run build and npm run models first.`);
  }
  const temporary = await mkdtemp(join(tmpdir(), 'lineament-package-'));
  try {
    const stage = join(temporary, 'application');
    await stageApp(root, stage);
    await cp(join(root, 'electron-builder.yml'), join(stage, 'electron-builder.yml'));
    await makeIcons(root, join(stage, 'dist', 'icons'));
    const dist = options.stub
      ? await stubElectron(join(temporary, 'electron'), electronVersion())
      : electronDist();
    const request: CliOptions = {
      projectDir: stage,
      publish: 'never',
      dir: !options.installers,
      config: {
        electronVersion: electronVersion(),
        directories: { output: options.out },
        ...(dist === null ? {} : { electronDist: dist }),
      },
    };
    await build(request);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const folder = join(options.out, unpackedFolder());
  const problems = await checkPackage(folder, root);
  if (problems.length > 0)
    throw new Error(`The package in ${folder} is not whole:\n  ${problems.join('\n  ')}`);
  return folder;
}

/** As electron-builder names it for this machine. */
function unpackedFolder(): string {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') return `mac${arch}`;
  return process.platform === 'win32' ? `win${arch}-unpacked` : `linux${arch}-unpacked`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      stub: { type: 'boolean', default: false },
      installers: { type: 'boolean', default: false },
      out: { type: 'string', default: join(root, 'out') },
    },
  });
  try {
    const folder = await packageApp({ ...values, out: resolve(values.out) });
    console.log(`Packed and checked: ${folder}`);
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exitCode = 1;
  }
}
