import { error } from '../../core/base/errors.ts';
import type { CleaningPreview, NamePair, SuspectName } from '../../core/contract/cleaning.ts';
import type { Version } from '../../core/contract/versions.ts';
import {
  type CleaningAction,
  type LabelChange,
  type LabelScores,
  mergedClasses,
  plannedChanges,
  suspects,
} from '../../core/training/cleaning.ts';
import { type CleaningLimits, usualLimits } from '../../core/training/label-noise.ts';
import { countsOf } from '../../core/training/split.ts';
import { cleaningScores, getCleaning, type StoredCleaning } from '../store/cleanings.ts';
import type { Store } from '../store/database.ts';
import { addReport, type StoredChange } from '../store/version-changes.ts';
import {
  canonical,
  leastQuality,
  type VersionCrop,
  type VersionItem,
  versionItems,
} from '../store/version-list.ts';
import { versionIdentities } from '../store/versions.ts';
import type { Shelf } from './shelf.ts';
import { keepVersion, requireVersion } from './versions.ts';

/** What is to be done about what a model says. */
export interface CleaningWish {
  readonly limits: { readonly [Name in keyof CleaningLimits]?: number | undefined };
  readonly refused: readonly number[];
  readonly merge: readonly (readonly [number, number])[];
}

/** What a model says of a version, as things are now. */
export interface OpenCleaning {
  readonly stored: StoredCleaning;
  readonly version: Version;
  readonly limits: CleaningLimits;
  readonly items: readonly VersionItem[];
  /** By indices of the items, as the changes are. */
  readonly scores: LabelScores;
  /** The names by identity; missing where all of its pictures were erased. */
  readonly names: ReadonlyMap<number, string>;
  /** Pictures of each identity. */
  readonly counts: Int32Array;
  readonly suspects: readonly LabelChange[];
}

const defined = (limits: CleaningWish['limits']): Partial<CleaningLimits> =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));

/** Error: `cleaning/unknown`. */
export function openCleaning(store: Store, id: number, given: CleaningWish['limits']): OpenCleaning {
  const stored = getCleaning(store, id);
  if (stored === null) throw error('cleaning/unknown', { cleaning: id });
  const items = versionItems(store, stored.version);
  const names = versionIdentities(store, stored.version);
  const identities = new Map([...names].map(([identity, name]) => [name, identity]));
  const all = cleaningScores(store, id);
  const at = <A extends Float32Array | Int32Array>(values: A): readonly number[] =>
    items.map(({ position }) => values[position] ?? Number.NaN);
  const labels = Int32Array.from(items, ({ identity }) => identities.get(identity) ?? 0);
  const scores: LabelScores = {
    labels,
    own: Float32Array.from(at(all.own)),
    next: Float32Array.from(at(all.next)),
    // A class whose pictures were erased since is nobody's.
    nearest: Int32Array.from(at(all.nearest), (identity) => (names.has(identity) ? identity : -1)),
  };
  const limits = { ...usualLimits(stored.noise), ...defined(given) };
  return {
    ...{ stored, limits, items, scores, names },
    version: requireVersion(store, stored.version),
    counts: countsOf(labels),
    suspects: suspects(scores, limits, stored.noise),
  };
}

/** Of each identity the picture that is the most like the rest of its class, among those that are no suspects. */
function typical({ scores, suspects: found, items, counts }: OpenCleaning): (string | null)[] {
  const suspected = new Set(found.map(({ picture }) => picture));
  const best = new Int32Array(counts.length).fill(-1);
  for (const [picture, label] of scores.labels.entries()) {
    if (suspected.has(picture)) continue;
    const before = best[label] ?? -1;
    if (before < 0 || (scores.own[picture] ?? -1) > (scores.own[before] ?? -1)) best[label] = picture;
  }
  return Array.from(best, (picture) => items[picture]?.crop ?? null);
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** A page of what would be changed. */
export function suspectPage(
  open: OpenCleaning,
  action: CleaningAction | null,
  offset: number,
  limit: number,
): { readonly offset: number; readonly total: number; readonly items: readonly SuspectName[] } {
  const found = open.suspects.filter((change) => action === null || change.action === action);
  const crops = typical(open);
  const items = found.slice(offset, offset + limit).map((change): SuspectName => {
    const { crop = '', position = 0, identity = '' } = open.items[change.picture] ?? {};
    return {
      ...{ position, crop, action: change.action, from: identity, certainty: change.certainty },
      to: change.to === null ? null : (open.names.get(change.to) ?? null),
      ...{ own: known(change.own), next: known(change.next) },
      fromCrop: crops[change.from] ?? null,
      toCrop: change.to === null ? null : (crops[change.to] ?? null),
    };
  });
  return { offset, total: found.length, items };
}

/** The changes that are wanted, by pictures; one that would put a picture under a name it has already drops it. */
function wantedChanges(open: OpenCleaning, wish: CleaningWish): readonly LabelChange[] {
  const places = new Map(open.items.map(({ position }, picture) => [position, picture]));
  const refused = new Set(wish.refused.map((position) => places.get(position) ?? -1));
  const pairs = wish.merge.filter((pair) => pair.every((identity) => open.names.has(identity)));
  const merged = mergedClasses(open.counts, pairs);
  const changes = plannedChanges(open.scores, open.suspects, refused, merged);
  const changed = new Set(changes.map(({ picture }) => picture));
  const several = open.items.filter(
    ({ crop }, i) => crop === open.items[i - 1]?.crop || crop === open.items[i + 1]?.crop,
  );
  if (several.length === 0) return changes;
  const crops = new Set(several.map(({ crop }) => crop));
  const taken = new Set<string>();
  for (const [picture, { crop }] of open.items.entries())
    if (crops.has(crop) && !changed.has(picture)) taken.add(`${crop} ${open.scores.labels[picture]}`);
  return changes.map((change) => {
    const crop = open.items[change.picture]?.crop ?? '';
    if (change.to === null || !crops.has(crop)) return change;
    const key = `${crop} ${change.to}`;
    if (taken.has(key)) return { ...change, action: 'drop', to: null };
    taken.add(key);
    return change;
  });
}

/** What a wish would come to. */
export function previewCleaning(open: OpenCleaning, wish: CleaningWish): CleaningPreview {
  const changes = wantedChanges(open, wish);
  const after = open.counts.slice();
  for (const { from, to } of changes) {
    after[from] = (after[from] ?? 0) - 1;
    if (to !== null) after[to] = (after[to] ?? 0) + 1;
  }
  const count = (action: CleaningAction): number =>
    changes.reduce((sum, change) => sum + (change.action === action ? 1 : 0), 0);
  const gone = new Set(changes.filter(({ action }) => action === 'merge').map(({ from }) => from));
  const emptied = [...open.names].filter(
    ([identity]) => (open.counts[identity] ?? 0) > 0 && after[identity] === 0 && !gone.has(identity),
  );
  const dropped = count('drop');
  return {
    limits: open.limits,
    ...{ relabelled: count('relabel'), dropped, merged: count('merge') },
    images: open.items.length - dropped,
    identities: after.reduce((sum, pictures) => sum + (pictures > 0 ? 1 : 0), 0),
    emptied: emptied.map(([, name]) => name),
    pairs: pairsOf(open),
  };
}

function pairsOf(open: OpenCleaning): NamePair[] {
  const crops = typical(open);
  return open.stored.pairs.flatMap(([a, b, similarity]): NamePair[] => {
    const [first, second] = (open.counts[b] ?? 0) > (open.counts[a] ?? 0) ? [b, a] : [a, b];
    const [one, other] = [open.names.get(first), open.names.get(second)];
    if (similarity < open.limits.mergeAbove || one === undefined || other === undefined) return [];
    return [
      {
        ...{ pair: [first, second], names: [one, other], similarity },
        images: [open.counts[first] ?? 0, open.counts[second] ?? 0],
        crops: [crops[first] ?? null, crops[second] ?? null],
      },
    ];
  });
}

/** Makes the version that a wish comes to. Errors: `version/incomplete`, `version/exists`, `cleaning/unchanged`, `cleaning/nothing-left`. */
export function applyCleaning(
  { store, shelf }: { readonly store: Store; readonly shelf: Shelf },
  open: OpenCleaning,
  wish: CleaningWish,
  options: { readonly name: string | null; readonly at: number },
): Version {
  const { version, items, names } = open;
  const { name, missing } = version;
  if (missing > 0) throw error('version/incomplete', { missing, name });
  const changes = wantedChanges(open, wish);
  if (changes.length === 0) throw error('cleaning/unchanged', { name });
  const targets = new Map(changes.map(({ picture, to }) => [picture, to]));
  const list = items.flatMap((item, picture): VersionCrop[] => {
    const to = targets.get(picture);
    if (to === undefined) return [item];
    return to === null ? [] : [{ ...item, identity: names.get(to) ?? item.identity }];
  });
  if (list.length === 0) throw error('cleaning/nothing-left', { name });
  const stored = changes.map((change, position): StoredChange => {
    const { crop = '', dataset = 0, identity = '' } = items[change.picture] ?? {};
    return {
      ...{ position, crop, dataset, action: change.action, from: identity, certainty: change.certainty },
      to: change.to === null ? null : (names.get(change.to) ?? null),
      ...{ own: known(change.own), next: known(change.next) },
    };
  });
  const model = { id: open.stored.model, name: modelName(shelf, open.stored.model) };
  const parent = { id: version.id, name, hash: version.hash };
  const report = { parent, model, limits: open.limits, at: options.at };
  return keepVersion(store, canonical(list), {
    ...{ datasets: version.datasets, minQuality: leastQuality(store, version.id), at: options.at },
    ...{ name: options.name, usual: `${name} cleaned` },
    onMade: (writer, made) => addReport(writer, { ...report, version: made }, stored),
  });
}

function modelName(shelf: Shelf, id: string): string {
  return shelf.list().find(({ card }) => card.id === id)?.card.name ?? id;
}
