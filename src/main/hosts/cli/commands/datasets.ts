import { resolve } from 'node:path';
import { error } from '../../../../core/base/errors.ts';
import { pageLimit } from '../../../../core/contract/common.ts';
import type { Dataset, Photo } from '../../../../core/contract/datasets.ts';
import { type Call, type Command, count, oneOf, table, text, UsageError } from '../command.ts';
import { follow } from '../follow.ts';

/** The dataset of that name. */
export async function named(call: Call, index = 0): Promise<Dataset> {
  return await call.client.call('datasets.find', { name: call.words[index] ?? '' });
}

async function problems(call: Call, dataset: number): Promise<Photo[]> {
  const found: Photo[] = [];
  for (;;) {
    const page = { offset: found.length, limit: pageLimit };
    const { items, total } = await call.client.call('photos.page', { dataset, show: 'problems', ...page });
    found.push(...items);
    if (items.length === 0 || found.length >= total) return found;
  }
}

/** The removed dataset of that name; several may have it. */
async function removedNamed(call: Call): Promise<Dataset> {
  const [name = ''] = call.words;
  const id = count(call.options, 'id');
  const all = await call.client.call('datasets.list', { removed: true });
  const found = all.filter((one) => one.removed && one.name === name && (id === null || one.id === id));
  if (found.length > 1) {
    const ids = found.map((one) => one.id).join(', ');
    throw new UsageError(
      `there are ${found.length} removed datasets named “${name}”; say which with --id: ${ids}`,
    );
  }
  const [dataset] = found;
  if (dataset === undefined) throw error('dataset/unknown', { dataset: `“${name}” among the removed` });
  return dataset;
}

const which = {
  id: {
    type: 'string',
    about: 'which of several of that name: the number that `dataset list --removed` shows',
  },
} as const;

const listed = (photo: Photo) => ({
  file: photo.key,
  code: photo.problem?.code,
  reason: photo.problem?.message,
});

export const datasetCommands: readonly Command[] = [
  {
    name: 'dataset import',
    usage: 'PATH… --name NAME',
    about: 'import a folder, a folder per identity, a list, or a zip or tar of those',
    words: [1, 1000],
    options: {
      name: { type: 'string', about: 'what to call the dataset; an existing one is added to' },
      kind: { type: 'string', about: 'auto, flat, identities, list or archive' },
      copy: { type: 'boolean', about: 'keep copies of the originals in the data folder' },
      aligned: {
        type: 'boolean',
        about: 'the pictures are aligned square crops: each is a face as it is, nothing is searched for',
      },
    },
    run: async (call) => {
      const name = text(call.options, 'name');
      if (name === null) throw new UsageError('--name is missing: what is the dataset to be called?');
      const kind = oneOf(call.options, 'kind', ['auto', 'flat', 'identities', 'list', 'archive']) ?? 'auto';
      const paths = call.words.map((word) => resolve(word));
      const copy = call.options['copy'] === true;
      const aligned = call.options['aligned'] === true;
      const input = { paths, name, kind, copy, aligned };
      const { dataset, job } = await call.client.call('datasets.import', input);
      const { summary } = await follow(call, job);
      const bad = await problems(call, dataset);
      const info = await call.client.call('datasets.get', { dataset });
      const lines = [
        `${name}: ${info.photos} photographs, ${aligned ? `${info.faces} faces, ` : ''}${info.identities} identities`,
        ...(bad.length > 0 ? [`${bad.length} could not be ${aligned ? 'used' : 'read'}:`] : []),
        ...bad.slice(0, 50).map((photo) => `  ${photo.key}: ${photo.problem?.message}`),
        ...(bad.length > 50 ? [`  … and ${bad.length - 50} more; dataset show ${name} lists them all`] : []),
      ];
      return { json: { ...info, summary, problemList: bad.map(listed) }, text: lines.join('\n') };
    },
  },
  {
    name: 'dataset list',
    usage: '[--removed]',
    about: 'list the datasets',
    words: [0, 0],
    options: { removed: { type: 'boolean', about: 'those that were removed and not erased yet' } },
    run: async ({ client, options }) => {
      const removed = options['removed'] === true;
      const datasets = (await client.call('datasets.list', { removed })).filter((d) => d.removed === removed);
      const rows = datasets.map((d) => [
        ...(removed ? [d.id] : []),
        ...[d.name, d.photos, d.problems, d.pending, d.faces, d.embedded, d.identities],
      ]);
      const heads = ['name', 'photographs', 'problems', 'to align', 'faces', 'embedded', 'identities'];
      const none = removed ? 'No dataset is removed.' : 'There are no datasets.';
      return {
        json: datasets,
        text: datasets.length === 0 ? none : table(removed ? ['id', ...heads] : heads, rows),
      };
    },
  },
  {
    name: 'dataset show',
    usage: 'NAME',
    about: 'show a dataset, and the files that could not be read',
    words: [1, 1],
    run: async (call) => {
      const info = await named(call);
      const bad = await problems(call, info.id);
      const queue = await call.client.call('photos.queue', { dataset: info.id });
      const lines = [
        `${info.name}, from ${info.source}`,
        `${info.photos} photographs (${info.pending} to align), ${info.faces} faces (${info.embedded} embedded), ${info.identities} identities`,
        `to look at: ${Object.entries(queue)
          .map(([reason, n]) => `${n} ${reason}`)
          .join(', ')}`,
        ...bad.map((photo) => `  ${photo.key}: ${photo.problem?.message}`),
      ];
      return { json: { ...info, queue, problemList: bad.map(listed) }, text: lines.join('\n') };
    },
  },
  {
    name: 'dataset remove',
    usage: 'NAME [--erase]',
    about: 'remove a dataset; the photographs stay where they are',
    words: [1, 1],
    options: { erase: { type: 'boolean', about: 'delete its crops and embeddings for good, too' } },
    run: async (call) => {
      const info = await named(call);
      await call.client.call('datasets.remove', { dataset: info.id });
      const erase = call.options['erase'] === true;
      if (erase) await call.client.call('datasets.erase', { dataset: info.id });
      const done = erase ? 'Removed and erased' : 'Removed';
      return { json: { dataset: info.id, name: info.name, erased: erase }, text: `${done} ${info.name}.` };
    },
  },
  {
    name: 'dataset restore',
    usage: 'NAME [--id N]',
    about: 'bring a removed dataset back',
    words: [1, 1],
    options: which,
    run: async (call) => {
      const { id, name } = await removedNamed(call);
      await call.client.call('datasets.restore', { dataset: id });
      return { json: { dataset: id, name }, text: `Brought ${name} back.` };
    },
  },
  {
    name: 'dataset erase',
    usage: 'NAME [--id N]',
    about: 'delete what is kept of a removed dataset for good; the photographs stay where they are',
    words: [1, 1],
    options: which,
    run: async (call) => {
      const { id, name } = await removedNamed(call);
      await call.client.call('datasets.erase', { dataset: id });
      return { json: { dataset: id, name, erased: true }, text: `Erased ${name}.` };
    },
  },
  {
    name: 'align',
    usage: 'NAME',
    about: 'find the faces of a dataset and cut out aligned crops',
    words: [1, 1],
    options: {
      detector: { type: 'string', about: 'a detector from `models list`' },
      solver: { type: 'string', about: 'umeyama or evolve' },
      'min-face': { type: 'string', about: 'shortest side of a face, in pixels of the photograph' },
      again: { type: 'boolean', about: 'also photographs that have been through it' },
    },
    run: async (call) => {
      const info = await named(call);
      const job = await call.client.call('align.start', {
        dataset: info.id,
        detector: text(call.options, 'detector'),
        solver: oneOf(call.options, 'solver', ['umeyama', 'evolve']) ?? 'umeyama',
        minFace: count(call.options, 'min-face', 12),
        again: call.options['again'] === true,
      });
      const { summary, startedAt, finishedAt } = await follow(call, job);
      const seconds = ((finishedAt ?? 0) - (startedAt ?? 0)) / 1000;
      const now = await call.client.call('datasets.get', { dataset: info.id });
      const rate = seconds > 0 ? ((summary['photos'] ?? 0) / seconds).toFixed(1) : '–';
      return {
        json: { dataset: info.id, name: info.name, ...summary, seconds, keptFaces: now.faces },
        text: `${summary['photos']} photographs in ${seconds.toFixed(1)} s (${rate}/s): ${summary['faces']} faces; none in ${summary['without']}, ${summary['failed']} failed`,
      };
    },
  },
];
