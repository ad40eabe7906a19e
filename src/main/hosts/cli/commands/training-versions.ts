import { error } from '../../../../core/base/errors.ts';
import type { Client } from '../../../../core/contract/api.ts';
import type { Version } from '../../../../core/contract/versions.ts';
import { called, candidates } from '../../../app/versions.ts';
import { type Command, table, text, texts, UsageError } from '../command.ts';

/** The version that a word names: its name, its number, or the first characters of its hash. */
export async function versionOf(client: Client, word = ''): Promise<Version> {
  const all = await client.call('versions.list', {});
  const found =
    all.find(({ name }) => name === word) ??
    all.find(({ id }) => String(id) === word) ??
    (word.length >= 4
      ? only(
          all.filter(({ hash }) => hash.startsWith(word.toLowerCase())),
          word,
        )
      : undefined);
  if (found !== undefined) return found;
  throw error('version/unknown', { version: `“${word}”`, known: candidates(all.map(called)) });
}

function only(found: readonly Version[], word: string): Version | undefined {
  if (found.length < 2) return found[0];
  throw error('version/ambiguous', { version: word, known: candidates(found.map(called)) });
}

/** A version in one line. */
export const line = ({ name, hash, images, identities }: Version): string =>
  `${name}: ${images} pictures of ${identities} identities, ${hash}`;

export const versionCommands: readonly Command[] = [
  {
    name: 'version create',
    usage: '--dataset NAME…',
    about: 'keep the named faces of datasets, as they are now, as an immutable version to train on',
    words: [0, 1000],
    options: {
      dataset: { type: 'string', multiple: true, about: 'a dataset; give it again, or add names, for more' },
      name: { type: 'string', about: 'what to call it' },
      'min-quality': { type: 'string', about: 'leave out faces of a lower quality, 0 to 1' },
    },
    run: async ({ client, words, options }) => {
      const names = [...texts(options, 'dataset'), ...words];
      if (names.length === 0) throw new UsageError('--dataset is missing: which datasets?');
      const given = text(options, 'min-quality');
      const minQuality = given === null ? 0 : Number(given);
      if (!(minQuality >= 0 && minQuality <= 1))
        throw new UsageError(`--min-quality takes a number from 0 to 1, not “${given}”`);
      const datasets: number[] = [];
      for (const name of names) datasets.push((await client.call('datasets.find', { name })).id);
      const name = text(options, 'name');
      const made = await client.call('versions.create', { datasets, name, minQuality });
      return { json: made, text: line(made) };
    },
  },
  {
    name: 'version list',
    usage: '',
    about: 'list the dataset versions',
    words: [0, 0],
    run: async ({ client }) => {
      const versions = await client.call('versions.list', {});
      const heads = ['name', 'hash', 'pictures', 'identities', 'erased', 'runs', 'of'];
      const rows = versions.map((version) => [
        ...[version.name, version.hash.slice(0, 12), version.images, version.identities],
        ...[version.missing, version.runs, version.datasets.map(({ name }) => name).join(', ')],
      ]);
      return { json: versions, text: rows.length === 0 ? 'There are no versions.' : table(heads, rows) };
    },
  },
  {
    name: 'version show',
    usage: 'VERSION',
    about: 'show a version, by its name or the first characters of its hash',
    words: [1, 1],
    run: async ({ client, words }) => {
      const { id } = await versionOf(client, words[0]);
      const detail = await client.call('versions.get', { version: id });
      const lines = [
        line(detail),
        `of ${detail.datasets.map(({ name }) => name).join(', ')}; used by ${detail.runs} runs`,
        ...(detail.cleanedFrom === null
          ? []
          : [`cleaned from ${detail.cleanedFrom.name}; see version changes`]),
        ...(detail.missing > 0 ? [`${detail.missing} of its pictures were erased`] : []),
        `aligned by ${Object.entries(detail.solvers)
          .map(([solver, n]) => `${solver}: ${n}`)
          .join(', ')}; crops of ${detail.cropSides.join(' to ')} pixels`,
        table(
          ['pictures', 'identities'],
          detail.sizes.map(([images, identities]) => [images, identities]),
        ),
      ];
      return { json: detail, text: lines.join('\n') };
    },
  },
  {
    name: 'version rename',
    usage: 'VERSION --name NAME',
    about: 'give a version another name',
    words: [1, 1],
    options: { name: { type: 'string', about: 'what to call it' } },
    run: async ({ client, words, options }) => {
      const name = text(options, 'name');
      if (name === null) throw new UsageError('--name is missing: what is it to be called?');
      const { id, hash } = await versionOf(client, words[0]);
      await client.call('versions.rename', { version: id, name });
      return { json: { version: id, hash, name }, text: `${name} (${hash.slice(0, 12)})` };
    },
  },
  {
    name: 'version remove',
    usage: 'VERSION',
    about: 'forget a version that no run was trained on',
    words: [1, 1],
    run: async ({ client, words }) => {
      const { id, name, hash } = await versionOf(client, words[0]);
      await client.call('versions.remove', { version: id });
      return { json: { version: id, name, hash }, text: `Removed ${name}.` };
    },
  },
];
