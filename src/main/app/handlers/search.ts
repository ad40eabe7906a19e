import { writeFile } from 'node:fs/promises';
import { error } from '../../../core/base/errors.ts';
import { cropPath, queryCropPath } from '../../../core/contract/media.ts';
import type { SearchQuery } from '../../../core/contract/search.ts';
import { writeNpy } from '../../datasets/npy.ts';
import { embeddedFaces } from '../../store/embeddings.ts';
import { getFaces } from '../../store/faces.ts';
import type { Context } from '../context.ts';
import type { QueryCrops } from '../query-crops.ts';
import { type Query, queriesOf, scopeCache } from '../recognise.ts';
import { requireDataset } from './datasets.ts';
import type { Part } from './part.ts';

export function searchHandlers(context: Context, crops: QueryCrops): Part<'search' | 'embeddings'> {
  const { store, library, shelf } = context;
  const scope = scopeCache(context);
  return {
    'search.query': async ({ picture, datasets, model: name, top, minSimilarity }) => {
      const started = performance.now();
      const model = shelf.embedding(name);
      const { id, size, threshold } = model.card;
      const queries = await queriesOf(context, model, picture);
      const { faces, rows, missing } = scope(id, datasets);
      const file = library.vectorsPath(id);
      const search = async ({ face, vector, png }: Query): Promise<SearchQuery> => {
        const { positions, similarities } = await context.recogniser.use((methods) =>
          methods.search({ file, width: size, rows, query: vector, top, minSimilarity }),
        );
        const found = [...positions].flatMap((position, rank) => {
          const hit = faces[position];
          return hit === undefined ? [] : [{ id: hit.id, similarity: similarities[rank] ?? 0 }];
        });
        const byId = new Map(
          getFaces(
            store,
            found.map((hit) => hit.id),
          ).map((hit) => [hit.id, hit]),
        );
        const hits = found.flatMap((hit) => {
          const shown = byId.get(hit.id);
          return shown === undefined ? [] : [{ face: shown, similarity: hit.similarity }];
        });
        const crop = png === null ? cropPath(face.cropHash) : queryCropPath(crops.keep(png));
        return { box: face.box, points: face.points, quality: face.quality, crop, hits };
      };
      const results: SearchQuery[] = [];
      for (const query of queries) results.push(await search(query));
      const milliseconds = performance.now() - started;
      return { model: id, threshold, compared: rows.length, missing, milliseconds, queries: results };
    },
    'search.prepare': async ({ datasets, model: name }) => {
      const model = shelf.embedding(name);
      const { rows, missing } = scope(model.card.id, datasets);
      const file = library.vectorsPath(model.card.id);
      let needed = 0;
      for (const row of rows) needed = Math.max(needed, row + 1);
      await context.recogniser.use((methods) => methods.prepare({ model, file, rows: needed }));
      return { compared: rows.length, missing };
    },
    'search.verify': async ({ a, b, model: name }) => {
      const model = shelf.embedding(name);
      const { id, threshold } = model.card;
      const [first] = await queriesOf(context, model, a);
      const [second] = await queriesOf(context, model, b);
      if (first === undefined || second === undefined)
        throw error('app/internal', { detail: 'a picture without faces' });
      const similarity = first.vector.reduce(
        (sum, value, index) => sum + value * (second.vector[index] ?? 0),
        0,
      );
      return { similarity, threshold, same: similarity >= threshold, model: id };
    },
    'embeddings.export': async ({ dataset, out, model: name }) => {
      requireDataset(context, dataset);
      const { id, size } = shelf.embedding(name).card;
      const faces = embeddedFaces(store, id, [dataset]);
      const vectors = await library.vectors(id, size);
      async function* rows(): AsyncGenerator<Float32Array> {
        for (const face of faces) yield await vectors.read(face.row, 1);
      }
      await writeNpy(out, faces.length, size, rows());
      const ids = out.replace(/(\.npy)?$/, '.json');
      await writeFile(ids, `${JSON.stringify({ model: id, faces: faces.map((face) => face.id) })}\n`).catch(
        (thrown: unknown) => {
          throw error(
            'file/cannot-write',
            { path: ids, detail: thrown instanceof Error ? thrown.message : '' },
            thrown,
          );
        },
      );
      return { rows: faces.length, size, file: out, ids };
    },
  };
}
