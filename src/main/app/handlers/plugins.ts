import type { Context } from '../context.ts';
import type { Part } from './part.ts';

export function pluginHandlers({ plugins }: Pick<Context, 'plugins'>): Part<'plugins'> {
  return {
    'plugins.list': async () => ({ folder: plugins.folder, plugins: await plugins.list() }),
    'plugins.text': ({ plugin }) => plugins.text(plugin),
    'plugins.agree': ({ plugin, sha256 }) => plugins.agree(plugin, sha256),
    'plugins.withdraw': ({ plugin }) => plugins.withdraw(plugin),
    'plugins.check': ({ plugin }, { signal }) => plugins.check(plugin, signal),
    'plugins.new': ({ kind, name }) => plugins.create(kind, name),
  };
}
