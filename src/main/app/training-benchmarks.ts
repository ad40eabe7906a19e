import { error } from '../../core/base/errors.ts';
import { plainName } from '../../core/benchmarks/people.ts';
import type { Overlap } from '../../core/recipe/preflight-facts.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { benchmarkPlaces, imageColumns } from '../store/benchmark-crops.ts';
import { benchmarkPairs } from '../store/benchmark-lists.ts';
import { markedPairs } from '../store/benchmark-marks.ts';
import type { StoredBenchmark } from '../store/benchmarks.ts';
import type { Reader } from '../store/database.ts';
import { activeRuns, type StoredRun } from '../store/runs.ts';
import type { ValidationSet } from '../training/crops.ts';
import { resolveBenchmark } from './benchmarks.ts';
import { freeName } from './versions.ts';

/** Benchmarks that networks are verified on while they train. */

/**
 * The benchmarks that a recipe names; each has pairs of pictures. Errors: `benchmark/unknown`, `benchmark/ambiguous`,
 * `benchmark/not-ready`, `benchmark/not-pairs`.
 */
export function validationBenchmarks(
  reader: Reader,
  { validation }: Pick<Recipe, 'validation'>,
): StoredBenchmark[] {
  return validation.benchmarks.map((text) => {
    const found = resolveBenchmark(reader, text);
    const { name, kind, hash } = found;
    if (kind !== 'verification') throw error('benchmark/not-pairs', { name });
    if (hash === null) throw error('benchmark/not-ready', { name });
    return found;
  });
}

/**
 * The pairs of benchmarks that have both crops and are not marked as mislabelled, in the lists' order; a set without pairs
 * is left out. `taken`: names of other sets, which these are told from.
 */
export function benchmarkSets(
  reader: Reader,
  benchmarks: readonly StoredBenchmark[],
  taken: readonly string[],
): ValidationSet[] {
  const names = new Set(taken);
  return benchmarks.flatMap((benchmark) => {
    const set = benchmarkSet(reader, benchmark);
    if (set.same.length === 0) return [];
    const name = freeName(set.name, (one) => names.has(one));
    names.add(name);
    return [{ ...set, name }];
  });
}

function benchmarkSet(reader: Reader, { id, name }: StoredBenchmark): ValidationSet {
  const places = benchmarkPlaces(reader, id);
  const { pairs = new Int32Array(), same = new Uint8Array() } = benchmarkPairs(reader, id) ?? {};
  const marked = new Set(markedPairs(reader, id));
  const whole = [...same.keys()].filter(
    (pair) => !marked.has(pair) && places[pairs[2 * pair] ?? -1] && places[pairs[2 * pair + 1] ?? -1],
  );
  return {
    name,
    crops: {
      classes: new Int32Array(places.length),
      files: Int32Array.from(places, (place) => place?.file ?? 0),
      offsets: Float64Array.from(places, (place) => place?.offset ?? 0),
      lengths: Int32Array.from(places, (place) => place?.length ?? 0),
    },
    pairs: Int32Array.from(whole.flatMap((pair) => [pairs[2 * pair] ?? 0, pairs[2 * pair + 1] ?? 0])),
    same: Uint8Array.from(whole, (pair) => same[pair] ?? 0),
  };
}

/** People of benchmarks whose names are trained on, too, with their pictures there. */
export function benchmarkOverlaps(
  reader: Reader,
  benchmarks: readonly StoredBenchmark[],
  trained: readonly string[],
): Overlap[] {
  if (benchmarks.length === 0) return []; // asked at every change of a recipe
  const known = new Set(trained.flatMap((name) => plainName(name) ?? []));
  return benchmarks.flatMap(({ id, name }) => {
    const shared = imageColumns(reader, id).people.filter((person) =>
      known.has(plainName(person ?? '') ?? ''),
    );
    const identities = new Set(shared).size;
    return identities === 0 ? [] : [{ set: name, identities, images: shared.length }];
  });
}

/** A run that waits for its turn or trains, and is verified on this benchmark; null where there is none. */
export function runVerifiedOn(reader: Reader, { hash }: Pick<StoredBenchmark, 'hash'>): StoredRun | null {
  if (hash === null) return null;
  return activeRuns(reader).find(({ recipe }) => recipe.validation.benchmarks.includes(hash)) ?? null;
}
