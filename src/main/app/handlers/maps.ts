import { error } from '../../../core/base/errors.ts';
import { chooseItems } from '../../../core/maps/choose.ts';
import type { Context } from '../context.ts';
import { mapItems } from '../map-items.ts';
import type { Maps } from '../maps.ts';
import type { JobQueue } from '../queue.ts';
import type { Part } from './part.ts';

export function mapHandlers({ store, shelf }: Context, maps: Maps, queue: JobQueue): Part<'maps'> {
  return {
    'maps.start': (wish) => {
      const all = mapItems(store, wish.scope);
      const known = new Set(all.map(({ person }) => person));
      const unknown = wish.names.filter((name) => !known.has(name));
      if (unknown.length > 0) throw error('map/unknown-people', { names: unknown.join(', ') });
      // Before it is queued: which models there are, and whether there is anybody.
      const models = (wish.models ?? [null]).map((id) => shelf.embedding(id).card);
      const people = new Set(chooseItems(all, wish).map(({ person }) => person)).size;
      const by = models.map(({ name }) => name).join(' and ');
      return queue.add({
        ...{ kind: 'map', title: `Map of ${people} people by ${by}`, datasetId: null, unit: 'steps' },
        input: { ...wish, models: models.map(({ id }) => id) },
      });
    },
    'maps.get': ({ job }) => maps.get(job),
  };
}
