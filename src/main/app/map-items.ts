import { error } from '../../core/base/errors.ts';
import type { MapWish } from '../../core/contract/evaluations.ts';
import type { MapItem } from '../../core/maps/choose.ts';
import type { Store } from '../store/database.ts';
import { benchmarkPeople, keptItems } from '../store/map-items.ts';
import { namedCrops, versionItems } from '../store/version-list.ts';
import { requireVersion } from './versions.ts';

/** Crops that are kept, and whose they are. Errors: `version/unknown`, `map/no-people`. */
export function mapItems(store: Store, scope: MapWish['scope']): readonly MapItem[] {
  const items = keptItems(store, itemsOf(store, scope));
  if (items.length === 0) throw error('map/no-people');
  return items;
}

function itemsOf(store: Store, scope: MapWish['scope']): readonly MapItem[] {
  if ('benchmark' in scope) return benchmarkPeople(store, scope.benchmark);
  const crops =
    'version' in scope
      ? versionItems(store, requireVersion(store, scope.version).id)
      : namedCrops(store, scope.datasets, 0);
  return crops.map(({ crop, identity }) => ({ crop, person: identity }));
}
