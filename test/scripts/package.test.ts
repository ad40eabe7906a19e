import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPackage, nativeLibraries } from '../../scripts/check-package.ts';
import { packageApp } from '../../scripts/package.ts';
import { openPacked } from '../../scripts/packaging/archive.ts';
import { unresolvedImports } from '../../scripts/packaging/imports.ts';
import { runtimePackages } from '../../scripts/packaging/stage.ts';
import { fuseSentinel } from '../../scripts/packaging/stub-electron.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let temporary = '';
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'lineament-package-test-'));
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

/** Writes a tree of files below a new folder; manifests may be given as objects. */
async function tree(name: string, files: Readonly<Record<string, string | object>>): Promise<string> {
  const folder = join(temporary, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

describe('runtimePackages', () => {
  it('reaches what runs the application, nested or hoisted, and nothing else', async () => {
    const folder = await tree('closure', {
      'node_modules/a/package.json': {
        dependencies: { b: '1' },
        optionalDependencies: { absent: '1', d: '1' },
      },
      'node_modules/a/node_modules/b/package.json': { dependencies: { a: '1', c: '1' } },
      'node_modules/b/package.json': {},
      'node_modules/c/package.json': {},
      'node_modules/d/package.json': {},
      'node_modules/development/package.json': {},
    });
    const names = runtimePackages(folder, ['a']).map((found) => found.slice(folder.length + 1));
    expect(names).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
      'node_modules/d',
    ]);
    expect(() => runtimePackages(folder, ['missing'])).toThrow('missing is not installed');
  });
});

describe('unresolvedImports', () => {
  const rules = { provided: ['electron'], optional: ['gpu'] };

  it('follows imports of every kind, and what packages need', async () => {
    const folder = await tree('imports', {
      'main.js': `import { a } from './a.js'; import 'electron'; import 'node:fs'; import 'good'; await import('gpu');`,
      'a.js': `export { b } from './gone.js'; const c = await import('./c.cjs'); import 'absent/deep';`,
      'c.cjs': `require('./also-gone.cjs'); require('good/inside.js');`,
      'node_modules/good/package.json': { main: 'index.js', dependencies: { needed: '1' } },
      'node_modules/good/index.js': '',
      'node_modules/good/inside.js': '',
    });
    expect(unresolvedImports(folder, ['main.js'], rules).sort()).toEqual([
      'a.js imports absent/deep, which does not resolve',
      'also-gone.cjs is imported and missing',
      'gone.js is imported and missing',
      'node_modules/good needs the package needed, which is missing',
    ]);
    await rm(folder, { recursive: true });
  });
});

describe('checkPackage', () => {
  it('finds what is missing, misplaced or does not belong', { timeout: 60_000 }, async () => {
    const project = await tree('project', {
      'package.json': { main: 'dist/main/main.js', version: '1', devDependencies: { vitest: '1' } },
      'resources/models/index.json': { models: ['mtcnn'] },
      'resources/models/mtcnn.json': { files: [{ file: 'mtcnn-p.onnx' }] },
      'resources/models/mtcnn-p.onnx': 'model',
    });
    const application = await tree('application', {
      'package.json': { main: 'dist/main/main.js', version: '2' },
      'dist/main/main.js': '',
      'dist/main/main.d.ts': '',
      'test/photograph.jpg': '',
      'node_modules/vitest/package.json': {},
      'node_modules/x/darwin-arm64.node': '',
    });
    const packed = join(temporary, 'packed');
    await mkdir(join(packed, 'resources'), { recursive: true });
    await createPackage(application, join(packed, 'resources', 'app.asar'));
    const problems = (await checkPackage(packed, project)).join('\n');
    for (const expected of [
      'package.json names another version or entry',
      'no file matches ^node_modules\\/@img\\/sharp-libvips',
      'resources/models/mtcnn-p.onnx is missing',
      'node_modules/x/darwin-arm64.node is of another platform',
      'dist/main/main.d.ts is of use to developers only',
      'test/photograph.jpg does not belong there',
      'vitest is a development dependency',
      'app-process.js is imported and missing',
      'a native package does not work',
    ]) {
      expect(problems).toContain(expected);
    }
  });

  it('knows the libraries of each platform', () => {
    const matches = (platform: string, arch: string, file: string) =>
      nativeLibraries(platform, arch).filter((pattern) => pattern.test(file)).length;
    const bin = 'node_modules/onnxruntime-node/bin/napi-v6';
    expect(matches('linux', 'x64', `${bin}/linux/x64/libonnxruntime.so.1`)).toBe(1);
    expect(matches('darwin', 'arm64', `${bin}/darwin/arm64/libonnxruntime.1.30.0.dylib`)).toBe(1);
    expect(matches('win32', 'x64', `${bin}/win32/x64/onnxruntime.dll`)).toBe(1);
    expect(matches('win32', 'x64', `${bin}/linux/x64/libonnxruntime.so.1`)).toBe(0);
    expect(
      matches('linux', 'arm64', 'node_modules/@img/sharp-libvips-linux-arm64/lib/libvips-cpp.so.8.18'),
    ).toBe(1);
  });
});

const needed = [
  'dist/main/hosts/electron/app-process.js',
  'dist/renderer/index.html',
  'resources/models/index.json',
];
const built = process.platform === 'linux' && needed.every((file) => existsSync(join(root, file)));

// Skipped where nothing is built (npm run build, npm run models), and where the stub is of another platform.
describe.skipIf(!built)('packageApp', () => {
  it('packs a whole application around a stub, and notices what is taken away', {
    timeout: 300_000,
  }, async () => {
    const out = join(temporary, 'out');
    const folder = await packageApp({ stub: true, installers: false, out });
    const packed = openPacked(folder);
    expect(packed.files).toContain('dist/main/hosts/electron/main.js');

    // Electron's own order: run as Node, cookie encryption, NODE_OPTIONS, --inspect, integrity, only asar, snapshot, file://.
    const program = readFileSync(join(folder, 'lineament'));
    const wire = program.indexOf(fuseSentinel) + fuseSentinel.length + 2;
    expect(program.subarray(wire, wire + 8).toString()).toBe('11001100');

    const model = packed.files.find((file) => file.endsWith('.onnx')) ?? '';
    await rm(join(packed.resources, 'app.asar.unpacked', model));
    expect((await checkPackage(folder, root)).join('\n')).toContain(model);
  });
});
