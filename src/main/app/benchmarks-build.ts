import { drawFolds } from '../../core/benchmarks/draw-folds.ts';
import { addImages, setImage } from '../store/benchmark-images.ts';
import { putArrays } from '../store/benchmark-lists.ts';
import { addBenchmark } from '../store/benchmarks.ts';
import type { Store } from '../store/database.ts';
import { type VersionPicture, versionPictures } from '../store/version-pictures.ts';
import { versionIdentities } from '../store/versions.ts';
import { countBenchmark, freeBenchmarkName } from './benchmarks.ts';
import { called, requireVersion } from './versions.ts';

/**
 * A benchmark of pairs that are drawn from a dataset version's pictures; the same version, numbers and seed give the same
 * pairs. Its pictures are those that a pair names. Gives its id.
 * Errors: `version/unknown`, `benchmark/exists`, `benchmark/too-few-people`, `benchmark/too-many-pairs`.
 */
export function buildBenchmark(
  store: Store,
  wish: {
    readonly version: number;
    readonly name: string | null;
    readonly pairs: number;
    readonly folds: number;
    readonly seed: number;
    readonly at: number;
  },
): number {
  const version = requireVersion(store, wish.version);
  const pictures = versionPictures(store, version.id);
  const drawn = drawFolds(
    Int32Array.from(pictures, ({ identity }) => identity),
    wish,
  );
  const used = [...new Set(drawn.pairs)].sort((a, b) => a - b);
  const places = new Map(used.map((row, place) => [row, place]));
  const people = versionIdentities(store, version.id);
  const chosen = used.flatMap((row) => pictures[row] ?? []);
  const keys = keysOf(chosen, people);
  return store.write((writer) => {
    const name = freeBenchmarkName(writer, wish.name, version.name);
    const id = addBenchmark(writer, {
      ...{ name, kind: 'verification', format: 'version', source: called(version), imagesSource: null },
      title: `${drawn.same.length} pairs in ${wish.folds} folds of ${called(version)}, seed ${wish.seed}`,
      ...{ alignment: 'aligned', createdAt: wish.at },
    });
    const listed = chosen.map(({ identity }, place) => ({
      ...{ key: keys[place] ?? '', person: people.get(identity) ?? null, group: null },
      ...{ box: null, points: null, weight: null },
    }));
    addImages(writer, id, 0, listed);
    for (const [place, picture] of chosen.entries()) {
      const { crop, quality, points, box, hash, path, width, height, dataset } = picture;
      const seen = { ...{ crop, quality, points, box, hash, path, width, height }, problem: null };
      setImage(writer, id, place, seen, dataset);
    }
    const { same, folds } = drawn;
    putArrays(writer, id, { same, folds, pairs: drawn.pairs.map((row) => places.get(row) ?? 0) });
    countBenchmark(writer, id);
    return id;
  });
}

/** Names of the files they came from, made unique: a photograph may have several faces. */
function keysOf(pictures: readonly VersionPicture[], people: ReadonlyMap<number, string>): string[] {
  const taken = new Map<string, number>();
  return pictures.map(({ key, crop, identity }) => {
    const wanted = key ?? `${people.get(identity) ?? identity}/${crop.slice(0, 12)}.png`;
    const before = taken.get(wanted) ?? 0;
    taken.set(wanted, before + 1);
    return before === 0 ? wanted : `${wanted}#${before + 1}`;
  });
}
