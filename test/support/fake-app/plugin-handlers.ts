import { error } from '../../../src/core/base/errors.ts';
import type { Handlers, MethodName, Topic } from '../../../src/core/contract/api.ts';
import type { Plugin } from '../../../src/core/contract/plugins.ts';

type Handled = Extract<MethodName, `plugins.${string}`>;

const hash = (letter: string): string => letter.repeat(64);

/** Two plugins in memory, one agreed to and one not. */
export function fakePlugins(): Plugin[] {
  const folder = '/home/ada/.local/share/lineament/plugins';
  const made = (name: string, kind: Plugin['kind'], sha256: string): Plugin => ({
    ...{ id: `${name}.${kind}`, name, kind, sha256, lines: 40, state: 'new', title: null, problem: null },
    path: `${folder}/${name}.${kind}.ts`,
    recipeName: `plugin:${name}@${sha256.slice(0, 12)}`,
  });
  return [
    { ...made('bands', 'augmentation', hash('b')), state: 'agreed', title: 'Bands' },
    made('square-roots', 'sampler', hash('5')),
  ];
}

export function pluginHandlers(
  plugins: Plugin[],
  changed: (...topics: Topic[]) => void,
): Pick<Handlers, Handled> {
  const find = (wanted: string): Plugin => {
    const found = plugins.find(({ id, name }) => id === wanted || name === wanted);
    if (found) return found;
    throw error('plugin/missing', { name: wanted, kind: 'asked for', known: 'others' });
  };
  const change = (wanted: string, to: Partial<Plugin>): Plugin => {
    const next = { ...find(wanted), ...to };
    plugins.splice(plugins.indexOf(find(wanted)), 1, next);
    changed('plugins');
    return next;
  };
  return {
    'plugins.list': () => ({ folder: '/home/ada/.local/share/lineament/plugins', plugins: [...plugins] }),
    'plugins.text': ({ plugin }) => ({
      plugin: find(plugin),
      text: 'export function plugin() {\n  return {};\n}\n',
    }),
    'plugins.agree': ({ plugin }) => change(plugin, { state: 'agreed', title: 'Square roots' }),
    'plugins.withdraw': ({ plugin }) => change(plugin, { state: 'new', title: null }),
    'plugins.check': ({ plugin }) => ({ plugin: find(plugin), found: ['It gives 96 pictures an epoch.'] }),
    'plugins.new': ({ kind, name }) => {
      const made: Plugin = {
        ...find('square-roots'),
        id: `${name}.${kind}`,
        name,
        kind,
        state: 'new',
        title: null,
      };
      plugins.push(made);
      changed('plugins');
      return made;
    },
  };
}
