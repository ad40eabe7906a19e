import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Inside a zone, a folder imports only folders before it in this list, and itself. */
const order = {
  // Every operator says what it is in ONNX, whose types are plain data: onnx before graph.
  'src/core': [
    ...['base', 'onnx', 'pickle', 'graph', 'ops', 'layers', 'backbones', 'import-graph'],
    ...['heads', 'compile', 'training', 'weights', 'augment', 'plugins', 'recipe'],
    ...['faces', 'people', 'sample'],
    ...['metrics', 'maps', 'benchmarks', 'contract', 'report'],
  ],
  // Packs and vectors (datasets) know nothing of the database, which notes where their rows are: datasets before store.
  'src/main': [
    ...[
      'engine',
      'images',
      'models',
      'plugins',
      'datasets',
      'benchmarks',
      'maps',
      'training',
      'store',
      'jobs',
    ],
    ...['workers', 'app', 'hosts'],
  ],
} as const;

/** What zones import of each other. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/main': ['src/core'],
  'src/renderer': ['src/core'],
};

/** Packages by zone; Node's own modules are for main alone. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'src/core': ['zod'],
  // tfjs-core for its types alone: the package itself is loaded where the user has switched it on.
  'src/main': [
    ...['@tensorflow/tfjs-core', 'better-sqlite3', 'electron', 'onnxruntime-node', 'sharp'],
    ...['tar-stream', 'umap-js', 'ws', 'yauzl', 'zod'],
  ],
  'src/renderer': ['@lucide/svelte', 'bits-ui', 'svelte', 'virtua'],
};

/** Packages that only one folder may import: everybody else goes through it. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  '@tensorflow/tfjs-core': ['src/main/engine'],
  'better-sqlite3': ['src/main/store'],
  electron: ['src/main/hosts/electron'],
  'onnxruntime-node': ['src/main/engine'],
  sharp: ['src/main/images'],
  'tar-stream': ['src/main/datasets'],
  'umap-js': ['src/main/maps'],
  yauzl: ['src/main/datasets'],
  ws: ['src/main/hosts'],
};

interface Import {
  readonly from: string;
  /** A path from the root for files of the project, otherwise the name. */
  readonly to: string;
  readonly relative: boolean;
  readonly typeOnly: boolean;
}

const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|cts|svelte)$/.test(entry.name))
  .filter((entry) => !/\.d\.ts$|^vite\.config/.test(entry.name)) // types of packages; what builds the renderer
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Code without comments and without the contents of strings that are no import. */
function importsOf(file: string): Import[] {
  const text = textOf(file).replace(/\/\*[\s\S]*?\*\//g, '');
  const found = [
    ...text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\((\s*)['"]([^'"]+)['"]\s*\)/g),
  ];
  return found.map((match) => {
    const to = match[2] ?? '';
    const near = to.startsWith('.');
    return {
      from: file,
      to: near ? posix.normalize(posix.join(dirname(file), to)) : to,
      relative: near,
      typeOnly: (match[1] ?? '').trim() === 'type',
    };
  });
}

const imports = files.flatMap(importsOf);
const zoneOf = (path: string): string => path.split('/').slice(0, 2).join('/');
const folderOf = (path: string): string => path.split('/')[2] ?? '';
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
const shown = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('zones', () => {
  it('have been read', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(files.length);
    const known = new Set(files);
    const lost = imports.filter(
      ({ relative: near, to }) => near && /\.(ts|svelte)$/.test(to) && !known.has(to),
    );
    expect(lost.filter(({ to }) => !to.endsWith('.svelte.ts')).map(shown)).toEqual([]);
  });

  it('import one another one way', () => {
    const wrong = imports.filter(({ relative: near, from, to }) => {
      if (!near || zoneOf(from) === zoneOf(to)) return false;
      return !(mayImport[zoneOf(from)] ?? []).includes(zoneOf(to));
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it.each(Object.entries(order))('%s has folders that import only those before them', (zone, folders) => {
    const list: readonly string[] = folders;
    const inside = imports.filter(
      ({ relative: near, from, to }) => near && zoneOf(from) === zone && zoneOf(to) === zone,
    );
    const unknown = new Set(
      inside.map(({ from }) => folderOf(from)).filter((folder) => !list.includes(folder)),
    );
    expect([...unknown]).toEqual([]);
    const wrong = inside.filter(({ from, to }) => list.indexOf(folderOf(to)) > list.indexOf(folderOf(from)));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('have hosts that nothing imports, and that do not import each other’s insides', () => {
    const outside = imports.filter(
      ({ from, to }) => to.startsWith('src/main/hosts/') && !from.startsWith('src/main/hosts/'),
    );
    expect(outside.map(shown)).toEqual([]);
    const hosts = imports.filter(
      ({ from, to }) =>
        /^src\/main\/hosts\/web\//.test(from) && /^src\/main\/hosts\/(cli|electron|desktop)\//.test(to),
    );
    expect(hosts.map(shown)).toEqual([]);
  });

  it('import the packages that are theirs', () => {
    const wrong = imports.filter(({ relative: near, from, to }) => {
      if (near) return false;
      if (to.startsWith('node:')) return zoneOf(from) !== 'src/main';
      const name = packageOf(to);
      if (!(packages[zoneOf(from)] ?? []).includes(name)) return true;
      const places = onlyIn[name];
      return places !== undefined && !places.some((place) => from.startsWith(`${place}/`));
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('load no TensorFlow but its types', () => {
    const wrong = imports.filter(({ to, typeOnly }) => to.startsWith('@tensorflow/') && !typeOnly);
    expect(wrong.map(shown)).toEqual([]);
  });

  it('parse with zod in contract and recipes only, as far as core goes', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        to === 'zod' && zoneOf(from) === 'src/core' && !['contract', 'recipe'].includes(folderOf(from)),
    );
    expect(wrong.map(shown)).toEqual([]);
  });
});

describe('house rules that the compiler does not know', () => {
  const code = (file: string): string => textOf(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

  it('no escape from types', () => {
    const wrong = files.filter((file) =>
      /\bas unknown as\b|\bas any\b|[:<]\s*any\b(?!\w)|@ts-(ignore|nocheck|expect-error)/.test(code(file)),
    );
    expect(wrong).toEqual([]);
  });

  it('SQL in the store only', () => {
    const statement =
      /\b(SELECT\s[\s\S]{1,200}?\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)/;
    const wrong = files.filter((file) => !file.startsWith('src/main/store/') && statement.test(code(file)));
    expect(wrong).toEqual([]);
  });

  it('no file above 400 lines, but the catalogue of errors, which is a list', () => {
    const long = files.filter((file) => textOf(file).split('\n').length > 400);
    expect(long.filter((file) => file !== 'src/core/base/errors.ts')).toEqual([]);
  });
});
