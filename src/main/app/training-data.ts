import { error } from '../../core/base/errors.ts';
import type { Version } from '../../core/contract/versions.ts';
import type { Overlap } from '../../core/recipe/preflight-facts.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { drawPairs } from '../../core/training/pairs.ts';
import { type Split, split } from '../../core/training/split.ts';
import { benchmarksOfDataset, type StoredBenchmark } from '../store/benchmarks.ts';
import type { Reader } from '../store/database.ts';
import { activeRuns, type StoredRun } from '../store/runs.ts';
import {
  type VersionPlace,
  versionIdentities,
  versionLabels,
  versionPlaces,
  versionsOfDataset,
} from '../store/versions.ts';
import type { CropTable, ValidationSet } from '../training/crops.ts';
import { benchmarkOverlaps } from './training-benchmarks.ts';
import { called, resolveVersion } from './versions.ts';

/** Whose the pictures of a dataset version are: what a recipe is looked at with. */
export interface VersionLabels {
  readonly version: Version;
  /** Of each picture. */
  readonly identities: Int32Array;
}

/** A dataset version as training needs it. */
export interface VersionData extends VersionLabels {
  readonly places: readonly VersionPlace[];
}

/** What a recipe is trained and verified on. */
export interface SplitData extends VersionLabels {
  readonly split: Split;
  /** Further versions to verify on. */
  readonly others: readonly VersionLabels[];
}

export interface TrainingData extends SplitData, VersionData {
  readonly others: readonly VersionData[];
}

function readLabels(reader: Reader, version: Version): VersionLabels {
  assertWhole(version, version.images - version.missing);
  return { version, identities: versionLabels(reader, version.id) };
}

function readVersion(reader: Reader, version: Version): VersionData {
  const places = versionPlaces(reader, version.id);
  assertWhole(version, places.length);
  return { version, places, identities: Int32Array.from(places, ({ identity }) => identity) };
}

function assertWhole({ name, images }: Version, there: number): void {
  if (there < images) throw error('version/incomplete', { missing: images - there, name });
}

function splitBy<Data extends VersionLabels>(
  reader: Reader,
  recipe: Recipe,
  read: (reader: Reader, version: Version) => Data,
): Data & { readonly split: Split; readonly others: readonly Data[] } {
  const { minImagesPerIdentity, holdOut } = recipe.data;
  const data = read(reader, resolveVersion(reader, recipe.data.version));
  const others = recipe.validation.versions.map((text) => read(reader, resolveVersion(reader, text)));
  return {
    ...data,
    split: split(data.identities, { minImagesPerIdentity, holdOut, seed: recipe.seed }),
    others,
  };
}

/**
 * The pictures of a recipe, split as it says; the same recipe gives the same split. Errors: `version/unknown`,
 * `version/ambiguous`, `version/incomplete`, `training/too-few-identities`.
 */
export function trainingData(reader: Reader, recipe: Recipe): TrainingData {
  return splitBy(reader, recipe, readVersion);
}

/** The same without where the pictures are: several times as fast, for what is asked at every change of a recipe. */
export function splitData(reader: Reader, recipe: Recipe): SplitData {
  return splitBy(reader, recipe, readLabels);
}

/** Crops and their classes for a training process; `rows` are places' indices. */
function tableOf(places: readonly VersionPlace[], rows: ArrayLike<number>, classes: Int32Array): CropTable {
  const at = (i: number): VersionPlace | undefined => places[rows[i] ?? 0];
  return {
    classes,
    files: Int32Array.from(rows, (_, i) => at(i)?.file ?? 0),
    offsets: Float64Array.from(rows, (_, i) => at(i)?.offset ?? 0),
    lengths: Int32Array.from(rows, (_, i) => at(i)?.length ?? 0),
  };
}

export const noCrops: CropTable = {
  ...{ classes: new Int32Array(), files: new Int32Array() },
  ...{ offsets: new Float64Array(), lengths: new Int32Array() },
};

/** What is trained on. */
export function trainTable({ places, split: { train, classes } }: TrainingData): CropTable {
  return tableOf(places, train, classes);
}

export const heldOutSet = 'held-out';

/** Pairs of what is held out, and of the further versions; a set without pairs is left out. */
export function validationSets(data: TrainingData, recipe: Recipe): ValidationSet[] {
  const { heldOut, heldOutIdentities } = data.split;
  const sets = [
    { name: heldOutSet, places: data.places, rows: heldOut, identities: heldOutIdentities },
    ...data.others.map(({ version, places, identities }) => ({
      // Not to be taken for what is held out.
      ...{ name: version.name === heldOutSet ? called(version) : version.name, places, identities },
      rows: Int32Array.from(places, (_, row) => row),
    })),
  ];
  return sets.flatMap(({ name, places, rows, identities }) => {
    const { pairs, same } = drawPairs(identities, recipe.validation.pairs, recipe.seed);
    return same.length === 0 ? [] : [{ name, crops: tableOf(places, rows, identities), pairs, same }];
  });
}

/** Up to so many crops that were not trained on, or of those that were where none was held out. */
export function someCrops({ places, split: { heldOut, train } }: TrainingData, most: number): CropTable {
  const rows = (heldOut.length > 0 ? heldOut : train).slice(0, most);
  return tableOf(places, rows, new Int32Array(rows.length));
}

/**
 * Identities of the further versions and of benchmarks that are trained on too, by name, with their pictures there.
 */
export function overlapsOf(
  reader: Reader,
  { version, split: { identityOf }, others }: SplitData,
  benchmarks: readonly StoredBenchmark[] = [],
): Overlap[] {
  if (others.length + benchmarks.length === 0) return []; // asked at every change of a recipe: there may be many names
  const names = versionIdentities(reader, version.id);
  const trained = new Set(Array.from(identityOf, (identity) => names.get(identity)));
  const overlaps = others.flatMap((other) => {
    const theirs = versionIdentities(reader, other.version.id);
    const shared = new Set<number>();
    for (const [identity, name] of theirs) if (trained.has(name)) shared.add(identity);
    const images = other.identities.filter((identity) => shared.has(identity)).length;
    return shared.size === 0 ? [] : [{ set: other.version.name, identities: shared.size, images }];
  });
  const known = [...trained].flatMap((name) => name ?? []);
  return [...overlaps, ...benchmarkOverlaps(reader, benchmarks, known)];
}

/** A run that waits for its turn or trains, and reads pictures of this dataset; null where there is none. */
export function runReading(reader: Reader, dataset: number): StoredRun | null {
  const versions = new Set(versionsOfDataset(reader, dataset));
  const drawn = new Set(benchmarksOfDataset(reader, dataset));
  const reads = ({ version, recipe }: StoredRun): boolean =>
    versions.has(version.id) ||
    recipe.validation.versions.some((hash) => versions.has(resolveVersion(reader, hash).id)) ||
    recipe.validation.benchmarks.some((hash) => drawn.has(hash));
  return versions.size + drawn.size === 0 ? null : (activeRuns(reader).find(reads) ?? null);
}
