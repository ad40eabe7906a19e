import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { installedPackage } from './packages.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Folders of the packages that run the application, each found as Node finds it; what development needs is not reached. */
export function runtimePackages(root: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (from: string, name: string, optional: boolean): void => {
    const folder = installedPackage(root, from, name);
    if (folder === null) {
      if (!optional) throw new Error(`${name} is not installed: run npm ci.`);
      return;
    }
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = readManifest(folder);
    for (const needed of Object.keys(dependencies)) visit(folder, needed, needed in optionalDependencies);
    for (const wanted of Object.keys(optionalDependencies)) visit(folder, wanted, true);
  };
  for (const name of names) visit(root, name, false);
  return [...found].sort();
}

/** Whether a file is of a platform other than this one: onnxruntime-node carries all of them, 250 MB. */
function foreign(path: string): boolean {
  const match = /onnxruntime-node\/bin\/napi-v6\/(\w+)(?:\/(\w+))?/.exec(path.replaceAll(sep, '/'));
  if (match === null) return false;
  const [, platform, arch] = match;
  return platform !== process.platform || (arch !== undefined && arch !== process.arch);
}

/** The optional GPU engine comes along only where its native library was installed; without it, it is 300 MB of nothing. */
function withTfjs(root: string): boolean {
  return existsSync(join(root, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node'));
}

/**
 * Copies what is to be packed to `folder`: the built program, models and the packages that run it. What is packed is so one
 * moment's state, whatever else works in the tree, and nothing gets in by lying around.
 */
export async function stageApp(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const {
    scripts: _scripts,
    devDependencies: _development,
    optionalDependencies,
    ...rest
  } = readManifest(root);
  const tfjs = '@tensorflow/tfjs-node-gpu';
  const version = withTfjs(root) ? optionalDependencies?.[tfjs] : undefined;
  const dependencies = { ...rest.dependencies, ...(version === undefined ? {} : { [tfjs]: version }) };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ ...rest, dependencies }, null, 2)}\n`);

  for (const part of ['dist/core', 'dist/main', 'dist/renderer', 'resources/models']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  for (const from of runtimePackages(root, Object.keys(dependencies))) {
    const to = join(folder, relative(root, from));
    // Packages inside this one are in the list themselves if they are needed.
    await cp(from, to, {
      recursive: true,
      filter: (path) => basename(path) !== 'node_modules' && !foreign(path),
    });
  }
}
