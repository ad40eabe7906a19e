import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { assert } from '../../../../core/base/assert.ts';
import type { Input } from '../../../../core/contract/api.ts';
import type { EmbeddingMap } from '../../../../core/contract/evaluations.ts';
import { mapDrawing, mapPage } from '../../../../core/report/map-drawing.ts';
import { writeError } from '../../../datasets/write-error.ts';
import { type Call, type Command, count, oneOf, text, texts, UsageError } from '../command.ts';
import { follow } from '../follow.ts';
import { versionOf } from './training-versions.ts';

async function scopeOf({ client, options }: Call): Promise<Input<'maps.start'>['scope']> {
  const [benchmark, version] = [text(options, 'benchmark'), text(options, 'version')];
  const names = texts(options, 'dataset');
  if ([benchmark !== null, version !== null, names.length > 0].filter(Boolean).length !== 1)
    throw new UsageError('one of --benchmark, --version and --dataset says whose faces are to be shown');
  if (benchmark !== null)
    return { benchmark: (await client.call('benchmarks.find', { name: benchmark })).id };
  if (version !== null) return { version: (await versionOf(client, version)).id };
  const datasets: number[] = [];
  for (const name of names) datasets.push((await client.call('datasets.find', { name })).id);
  return { datasets };
}

function written(map: EmbeddingMap, file: string): string {
  if (/\.json$/i.test(file)) return JSON.stringify(map, null, 1);
  if (/\.svg$/i.test(file)) return mapDrawing(map);
  return mapPage(map, 'Map of embeddings');
}

export const mapCommands: readonly Command[] = [
  {
    name: 'map',
    usage: '(--benchmark NAME | --version V | --dataset NAME…) --out FILE',
    about: 'lay out the embeddings of some people in the plane, as .svg, .html or .json',
    words: [0, 0],
    options: {
      benchmark: { type: 'string', about: 'a benchmark that names its people' },
      version: { type: 'string', about: 'a dataset version' },
      dataset: { type: 'string', multiple: true, about: 'a dataset; give it again for more' },
      model: { type: 'string', multiple: true, about: 'an embedding; two are shown side by side' },
      method: { type: 'string', about: 'umap (usual) or tsne' },
      people: { type: 'string', about: 'how many people are drawn (10)' },
      name: { type: 'string', multiple: true, about: 'show this person; give it again for more' },
      each: { type: 'string', about: 'pictures of a person at most (50)' },
      neighbours: { type: 'string', about: 'neighbours of UMAP, perplexity of t-SNE (15)' },
      epochs: { type: 'string', about: 'steps (500)' },
      seed: { type: 'string', about: 'of what is drawn, and of the layout (0)' },
      out: { type: 'string', about: 'the file' },
    },
    run: async (call) => {
      const { client, options, signal } = call;
      const out = text(options, 'out');
      if (out === null) throw new UsageError('--out is missing: where is the map to go?');
      if (!/\.(svg|html?|json)$/i.test(out))
        throw new UsageError(`--out takes a file that ends in .svg, .html or .json, not “${out}”`);
      const models = texts(options, 'model');
      if (models.length > 2) throw new UsageError('--model is taken twice at most');
      const given = {
        ...{ people: count(options, 'people', 2), each: count(options, 'each') },
        ...{ neighbours: count(options, 'neighbours', 2), epochs: count(options, 'epochs', 10) },
        ...{ seed: count(options, 'seed', 0), method: oneOf(options, 'method', ['umap', 'tsne']) },
      };
      const wish: Input<'maps.start'> = {
        ...{ scope: await scopeOf(call), names: [...texts(options, 'name')] },
        ...(models.length > 0 && { models: [...models] }),
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
      };
      const job = await follow(call, await client.call('maps.start', wish, { signal }));
      const map = await client.call('maps.get', { job: job.id });
      assert(map !== null, `the map of job ${job.id}`);
      const path = resolve(out);
      await writeFile(path, written(map, path)).catch((thrown: unknown) => {
        throw writeError(path, thrown);
      });
      const people = new Set(map.points.map(({ person }) => person)).size;
      const json = { path, points: map.points.length, people, job: job.id };
      return { json, text: `${json.points} crops of ${people} people: ${path}` };
    },
  },
];
