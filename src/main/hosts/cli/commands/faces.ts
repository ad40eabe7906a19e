import { resolve } from 'node:path';
import type { Client } from '../../../../core/contract/api.ts';
import { pageLimit } from '../../../../core/contract/common.ts';
import type { Face } from '../../../../core/contract/faces.ts';
import type { Picture } from '../../../../core/contract/search.ts';
import { type Command, count, faceNumber, oneOf, table, text, UsageError } from '../command.ts';
import { follow } from '../follow.ts';
import { named } from './datasets.ts';

async function allFaces(client: Client, dataset: number, state: Face['state'] | null): Promise<Face[]> {
  const faces: Face[] = [];
  for (;;) {
    const page = { offset: faces.length, limit: pageLimit };
    const { items, total } = await client.call('faces.page', { datasets: [dataset], state, ...page });
    faces.push(...items);
    if (items.length === 0 || faces.length >= total) return faces;
  }
}

/** What programs are told of a face. */
function shown(face: Face) {
  const { id, file, box, points, score, cropSize, crop, state, quality, clusterId } = face;
  return {
    id,
    file,
    box,
    points,
    score,
    identity: face.person,
    cropSize,
    crop,
    state,
    quality,
    cluster: clusterId,
  };
}

function similar(value: number): string {
  return value.toFixed(3);
}

/** A face's number or the path of a picture. */
function picture(word: string | undefined): Picture {
  if (word === undefined) throw new UsageError('a face or a picture is missing');
  return /^\d+$/.test(word) ? { face: faceNumber(word) } : { path: resolve(word) };
}

const model = { model: { type: 'string', about: 'an embedding from `models list`' } } as const;

export const faceCommands: readonly Command[] = [
  {
    name: 'faces',
    usage: 'NAME',
    about: 'list the faces of a dataset',
    words: [1, 1],
    options: { state: { type: 'string', about: 'kept (as it is), aside, rejected or all' } },
    run: async (call) => {
      const { id } = await named(call);
      const state = oneOf(call.options, 'state', ['kept', 'aside', 'rejected', 'all']) ?? 'kept';
      const faces = await allFaces(call.client, id, state === 'all' ? null : state);
      const rows = faces.map((face) => [
        face.id,
        face.file,
        [face.box.x, face.box.y, face.box.width, face.box.height].map(Math.round).join(' '),
        face.score.toFixed(2),
        face.person ?? '',
      ]);
      return { json: faces.map(shown), text: table(['face', 'file', 'box', 'score', 'identity'], rows) };
    },
  },
  {
    name: 'crop',
    usage: 'FACE --out FILE',
    about: 'write the aligned crop of a face as PNG',
    words: [1, 1],
    options: { out: { type: 'string', about: 'where to' } },
    run: async ({ client, words, options }) => {
      const out = text(options, 'out');
      if (out === null) throw new UsageError('--out is missing: where is the crop to go?');
      const written = await client.call('faces.exportCrop', {
        face: faceNumber(words[0]),
        out: resolve(out),
      });
      return { json: written, text: written.file };
    },
  },
  {
    name: 'embed',
    usage: 'NAME',
    about: 'compute the embeddings that are missing',
    words: [1, 1],
    options: model,
    run: async (call) => {
      const { id, name } = await named(call);
      const start = { datasets: [id], model: text(call.options, 'model') };
      const { summary } = await follow(call, await call.client.call('embed.start', start));
      return { json: { dataset: id, name, ...summary }, text: `${summary['faces']} faces embedded` };
    },
  },
  {
    name: 'embeddings',
    usage: 'NAME --out FILE.npy',
    about: 'write the embeddings as .npy, with a .json of the faces’ numbers',
    words: [1, 1],
    options: { out: { type: 'string', about: 'where to' }, ...model },
    run: async (call) => {
      const out = text(call.options, 'out');
      if (out === null) throw new UsageError('--out is missing: where are the embeddings to go?');
      const { id } = await named(call);
      const options = { dataset: id, out: resolve(out), model: text(call.options, 'model') };
      const written = await call.client.call('embeddings.export', options);
      return {
        json: written,
        text: `${written.rows} × ${written.size} in ${written.file}; faces in ${written.ids}`,
      };
    },
  },
  {
    name: 'search',
    usage: 'NAME --image FILE',
    about: 'find the faces of a dataset that are most like those in a picture',
    words: [1, 1],
    options: {
      image: { type: 'string', about: 'the picture, or the number of a face' },
      top: { type: 'string', about: 'how many (10)' },
      ...model,
    },
    run: async (call) => {
      const image = text(call.options, 'image');
      if (image === null) throw new UsageError('--image is missing: whose face is to be found?');
      const { id } = await named(call);
      const top = count(call.options, 'top') ?? 10;
      const query = { picture: picture(image), datasets: [id], top, model: text(call.options, 'model') };
      const result = await call.client.call('search.query', query);
      const queries = result.queries.map(({ box, points, hits }) => ({
        ...{ box, points },
        hits: hits.map(({ face, similarity }) => ({ ...shown(face), similarity })),
      }));
      const parts = queries.map(({ hits }, index) => {
        const rows = hits.map((hit) => [hit.id, similar(hit.similarity), hit.identity ?? '', hit.file]);
        return `face ${index + 1} of ${queries.length}\n${table(['face', 'similarity', 'identity', 'file'], rows)}`;
      });
      const missing = result.missing > 0 ? [`${result.missing} faces have no embedding yet: run embed`] : [];
      return { json: { ...result, queries }, text: [...parts, ...missing].join('\n\n') };
    },
  },
  {
    name: 'cluster',
    usage: 'NAME',
    about: 'group the faces by person',
    words: [1, 1],
    options: { threshold: { type: 'string', about: 'similarity at which groups join' }, ...model },
    run: async (call) => {
      const { id, name } = await named(call);
      const given = text(call.options, 'threshold');
      const threshold = given === null ? null : Number(given);
      if (threshold !== null && !(threshold >= -1 && threshold <= 1)) {
        throw new UsageError(`--threshold takes a number from -1 to 1, not “${given}”`);
      }
      const start = { datasets: [id], model: text(call.options, 'model') };
      await follow(call, await call.client.call('embed.start', start));
      const { summary } = await follow(
        call,
        await call.client.call('cluster.start', { ...start, threshold }),
      );
      const faces = await allFaces(call.client, id, 'kept');
      const clusters = [...Map.groupBy(faces, (face) => face.clusterId)]
        .flatMap(([cluster, members]) =>
          cluster === null ? [] : [{ cluster, faces: members.map((face) => face.id) }],
        )
        .sort((a, b) => b.faces.length - a.faces.length || a.cluster - b.cluster);
      const rows = clusters.slice(0, 30).map(({ cluster, faces: members }) => [cluster, members.length]);
      const head = `${summary['clusters']} people and ${summary['singles']} faces alone, among ${summary['faces']} faces`;
      return {
        json: { dataset: id, name, ...summary, groups: clusters },
        text: `${head}\n${table(['cluster', 'faces'], rows)}`,
      };
    },
  },
  {
    name: 'verify',
    usage: 'A B',
    about: 'compare the biggest faces of two pictures (or two faces by number)',
    words: [2, 2],
    options: model,
    run: async ({ client, words, options }) => {
      const [a, b] = [picture(words[0]), picture(words[1])];
      const result = await client.call('search.verify', { a, b, model: text(options, 'model') });
      const verdict = result.same ? 'the same person' : 'different people';
      const line = `similarity ${similar(result.similarity)}, threshold ${similar(result.threshold)}: ${verdict} (${result.model})`;
      return { json: result, text: line };
    },
  },
];
