import type { Plugin } from '../../../../core/contract/plugins.ts';
import { pluginKinds } from '../../../../core/plugins/name.ts';
import { type Command, table, UsageError } from '../command.ts';

const states = { agreed: 'agreed', new: 'not agreed to', changed: 'changed since it was agreed to' } as const;

const described = ({ id, path, sha256, lines, state, title }: Plugin): string =>
  [
    `${id}${title === null ? '' : `: ${title}`}`,
    path,
    `SHA-256 ${sha256}, ${lines} lines`,
    states[state],
  ].join('\n');

export const pluginCommands: readonly Command[] = [
  {
    name: 'plugin list',
    usage: '',
    about:
      'list your own backbones, heads, samplers and augmentations; nothing is run that you did not agree to',
    words: [0, 0],
    run: async ({ client }) => {
      const found = await client.call('plugins.list', {});
      const rows = found.plugins.map(({ name, kind, state, sha256, title, problem }) => [
        ...[`plugin:${name}`, kind, states[state], sha256.slice(0, 12), problem ?? title ?? ''],
      ]);
      const none = `There are none. \`lineament plugin new backbone NAME\` writes one to begin with, into ${found.folder}`;
      return {
        json: found,
        text: rows.length === 0 ? none : table(['plugin', 'kind', 'state', 'hash', ''], rows),
      };
    },
  },
  {
    name: 'plugin new',
    usage: `KIND NAME (KIND: ${pluginKinds.join(', ')})`,
    about: 'write an example that works, to begin with',
    words: [2, 2],
    run: async ({ client, words: [kind, name = ''] }) => {
      const known = pluginKinds.find((one) => one === kind);
      if (known === undefined) throw new UsageError(`“${kind}” is no kind: ${pluginKinds.join(', ')}`);
      if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
        throw new UsageError(`“${name}” is no name: small letters, digits and hyphens`);
      const made = await client.call('plugins.new', { kind: known, name });
      return { json: made, text: `${described(made)}\nChange it, then: lineament plugin agree ${made.id}` };
    },
  },
  {
    name: 'plugin agree',
    usage: 'NAME [--hash SHA256] [--withdraw]',
    about: 'agree to run a plugin as it is now; it is code, and can do all that you can',
    words: [1, 1],
    options: {
      hash: { type: 'string', about: 'agree only to that content (what it is now)' },
      withdraw: { type: 'boolean', about: 'take the agreement back' },
    },
    run: async ({ client, words: [plugin = ''], options }) => {
      if (options['withdraw'] === true) {
        const left = await client.call('plugins.withdraw', { plugin });
        return { json: left, text: described(left) };
      }
      const given = options['hash'];
      const { sha256 } = (await client.call('plugins.text', { plugin })).plugin;
      const agreed = await client.call('plugins.agree', {
        ...{ plugin, sha256: typeof given === 'string' ? given : sha256 },
      });
      const { problem } = agreed;
      const text = [described(agreed), ...(problem === null ? [] : [problem])].join('\n');
      return { json: agreed, text, failed: problem !== null };
    },
  },
  {
    name: 'plugin check',
    usage: 'NAME',
    about: 'try a plugin that you agreed to, on made-up pictures, and name the line where it fails',
    words: [1, 1],
    run: async ({ client, words: [plugin = ''], signal }) => {
      const checked = await client.call('plugins.check', { plugin }, { signal });
      return { json: checked, text: [described(checked.plugin), '', ...checked.found].join('\n') };
    },
  },
];
