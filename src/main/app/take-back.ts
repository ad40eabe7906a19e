import { error } from '../../core/base/errors.ts';
import type { Version } from '../../core/contract/versions.ts';
import type { Store } from '../store/database.ts';
import { addReport, allChanges, getReport, type StoredChange } from '../store/version-changes.ts';
import { canonical, leastQuality, makeOf, type VersionCrop, versionItems } from '../store/version-list.ts';
import { keepVersion, requireVersion } from './versions.ts';

/**
 * A version without some of the changes that made this one; without all of them it is the one that it was made of, which
 * is made again where it is gone.
 * Errors: `version/unknown`, `version/incomplete`, `version/exists`, `cleaning/no-report`, `cleaning/no-change`.
 */
export function takeBack(
  store: Store,
  id: number,
  positions: readonly number[],
  options: { readonly name: string | null; readonly at: number },
): Version {
  const version = requireVersion(store, id);
  const { name, missing } = version;
  const report = getReport(store, id);
  if (report === null) throw error('cleaning/no-report', { name });
  if (missing > 0) throw error('version/incomplete', { missing, name });
  const changes = allChanges(store, id);
  const asked = new Set(positions);
  const there = new Set(changes.map(({ position }) => position));
  const unknown = positions.find((position) => !there.has(position));
  if (unknown !== undefined) {
    throw error('cleaning/no-change', { change: unknown + 1, name, known: changes.length });
  }
  const back = changes.filter(({ position }) => asked.has(position));
  const left = changes.filter(({ position }) => !asked.has(position));
  const list = canonical(withoutChanges(store, id, back));
  const { parent, model, limits } = report;
  return keepVersion(store, list, {
    ...{ datasets: version.datasets, minQuality: leastQuality(store, id), at: options.at },
    ...{ name: options.name, usual: left.length === 0 ? parent.name : name },
    ...(left.length > 0 && {
      onMade: (writer, made) =>
        addReport(writer, { version: made, parent, model, limits, at: options.at }, left),
    }),
  });
}

/** The list of a version with these changes undone. */
function withoutChanges(store: Store, id: number, back: readonly StoredChange[]): VersionCrop[] {
  const renamed = new Map(
    back.flatMap(({ crop, from, to }) => (to === null ? [] : [[`${crop} ${to}`, from] as const])),
  );
  const make = makeOf(store, id);
  const kept = versionItems(store, id).map((item): VersionCrop => {
    const before = renamed.get(`${item.crop} ${item.identity}`);
    return before === undefined ? item : { ...item, identity: before };
  });
  const dropped = back
    .filter(({ to }) => to === null)
    .map(({ crop, from, dataset }) => ({ crop, identity: from, dataset, ...make(crop) }));
  return [...kept, ...dropped];
}
