import { error } from '../../core/base/errors.ts';
import type { Dataset } from '../../core/contract/datasets.ts';
import type { Version } from '../../core/contract/versions.ts';
import type { Reader, Store, Writer } from '../store/database.ts';
import {
  addVersion,
  canonical,
  namedCrops,
  refillVersion,
  type VersionCrop,
  type VersionDataset,
  versionHash,
} from '../store/version-list.ts';
import { getVersion, listVersions, versionByName, versionsByHash } from '../store/versions.ts';

/** Candidates that an error names at most. */
const shown = 8;

/** A sentence that names the first few of what there is. */
export function candidates(names: readonly string[]): string {
  if (names.length === 0) return 'There are none yet.';
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `There are: ${names.slice(0, shown).join(', ')}${more}.`;
}

/** As people tell a version from others. */
export const called = ({ name, hash }: Version): string => `${name} (${hash.slice(0, 12)})`;

/** Error: `version/unknown`. */
export function requireVersion(store: Reader, id: number): Version {
  const found = getVersion(store, id);
  if (found !== null) return found;
  throw error('version/unknown', { version: id, known: candidates(listVersions(store).map(called)) });
}

/** The version that a text names: by its name, its hash, or as many of its first characters as tell it. */
export function resolveVersion(store: Reader, text: string): Version {
  const named = versionByName(store, text);
  if (named !== null) return named;
  const found = /^[0-9a-f]{4,64}$/i.test(text) ? versionsByHash(store, text.toLowerCase()) : [];
  const [first, second] = found;
  if (first === undefined) {
    throw error('version/unknown', { version: text, known: candidates(listVersions(store).map(called)) });
  }
  if (second !== undefined) {
    throw error('version/ambiguous', { version: text, known: candidates(found.map(called)) });
  }
  return first;
}

/** `name`, or the first of “name 2”, “name 3” … that is free. */
export function freeName(name: string, taken: (name: string) => boolean, between = ' '): string {
  if (!taken(name)) return name;
  for (let number = 2; ; number++) {
    const next = `${name}${between}${number}`;
    if (!taken(next)) return next;
  }
}

/**
 * The version of the kept, named faces of these datasets as they are now; made if it is not there, and whole again where
 * pictures of it had been erased.
 * Errors: `version/empty`, `version/exists`.
 */
export function createVersion(
  store: Store,
  datasets: readonly Pick<Dataset, 'id' | 'name'>[],
  options: { readonly name: string | null; readonly minQuality: number; readonly at: number },
): Version {
  const { at, minQuality } = options;
  const ids = datasets.map(({ id }) => id);
  const list = canonical(namedCrops(store, ids, minQuality));
  if (list.length === 0) throw error('version/empty');
  const usual = datasets.map(({ name }) => name).join(' + ');
  return keepVersion(store, list, { datasets, minQuality, at, name: options.name, usual });
}

/**
 * The version of a canonical list that is not empty: the one that is there, whole again where pictures of it had been
 * erased, or a new one of that name (null: `usual`, or “usual 2” …); `onMade` is called with the id of one that is new, where it is written.
 * Error: `version/exists`.
 */
export function keepVersion(
  store: Store,
  list: readonly VersionCrop[],
  options: {
    readonly datasets: readonly VersionDataset[];
    readonly minQuality: number;
    readonly at: number;
    readonly name: string | null;
    readonly usual: string;
    readonly onMade?: (writer: Writer, version: number) => void;
  },
): Version {
  const { datasets, minQuality, at, onMade } = options;
  const hash = versionHash(list);
  const [same] = versionsByHash(store, hash);
  if (same !== undefined) {
    // Pictures that were erased are there again: the list is the same, so it may be filled.
    if (same.missing > 0) store.write((writer) => refillVersion(writer, same.id, datasets, list));
    return requireVersion(store, same.id);
  }
  const taken = (name: string): boolean => versionByName(store, name) !== null;
  if (options.name !== null && taken(options.name)) throw error('version/exists', { name: options.name });
  const name = options.name ?? freeName(options.usual.slice(0, 190), taken);
  const id = store.write((writer) => {
    const made = addVersion(writer, { hash, name, at, minQuality, datasets }, list);
    onMade?.(writer, made);
    return made;
  });
  return requireVersion(store, id);
}
