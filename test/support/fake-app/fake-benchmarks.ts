import { mixSeeds, seededRandom } from '../../../src/core/base/random.ts';
import type { Benchmark, BenchmarkImage, BenchmarkKind } from '../../../src/core/contract/benchmarks.ts';
import type { Mutable, World, WorldFace } from './world.ts';

export interface FakePair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
  readonly fold: number;
  readonly group: string | null;
}

/** A list of drawn faces, and pairs of them. */
export interface FakeBenchmark {
  readonly info: Mutable<Benchmark>;
  readonly pairs: readonly FakePair[];
  /** 0 for easy pictures … 1. */
  readonly difficulty: number;
  readonly marked: Set<number>;
}

export interface BenchmarkShape {
  readonly name: string;
  readonly kind?: BenchmarkKind;
  readonly format: string;
  readonly title: string;
  readonly images: number;
  readonly pairs: number;
  readonly folds?: number | null;
  readonly groups?: readonly string[];
  readonly difficulty: number;
}

const groups = ['African', 'Asian', 'Caucasian', 'Indian'];

/** The field's best known lists, as short or as long as is wished. */
export function knownShapes(pairs: number, images: number): readonly BenchmarkShape[] {
  const shape = { pairs, images, folds: 10 };
  return [
    {
      ...shape,
      ...{ name: 'LFW', format: 'lfw', difficulty: 0.1 },
      title: 'LFW, View 2: ten folds of as many pairs of one person as of two',
    },
    { ...shape, name: 'CPLFW', format: 'bin', difficulty: 0.55, title: 'InsightFace .bin: pairs of crops' },
    {
      ...shape,
      name: 'AgeDB-30',
      format: 'bin',
      difficulty: 0.35,
      title: 'InsightFace .bin: pairs of crops',
    },
    {
      ...shape,
      ...{ name: 'RFW', format: 'rfw', groups, difficulty: 0.5 },
      title: 'RFW: four groups with ten folds each',
    },
    {
      ...shape,
      ...{ name: 'MegaFace', kind: 'megaface', format: 'megaface', folds: null, difficulty: 0.45 },
      title: 'MegaFace: FaceScrub probes among distractors',
    },
  ];
}

/** The face that is a benchmark's picture; media answers for its original by the same rule. */
export function faceOfImage(world: World, image: number): WorldFace | undefined {
  const faces = facesOf(world);
  return faces[image % Math.max(1, faces.length)];
}

const listed = new WeakMap<World, readonly WorldFace[]>();
function facesOf(world: World): readonly WorldFace[] {
  const known = listed.get(world);
  if (known && known.length === world.faces.size) return known;
  const all = [...world.faces.values()];
  listed.set(world, all);
  return all;
}

const isLost = (image: number): boolean => image % 401 === 7;

export function makeBenchmark(world: World, id: number, shape: BenchmarkShape): FakeBenchmark {
  const random = seededRandom(mixSeeds(id, 3));
  const images = Math.max(2, shape.images);
  const byPerson = Map.groupBy(
    Array.from({ length: images }, (_, i) => i),
    (i) => faceOfImage(world, i)?.truth ?? 0,
  );
  const people = [...byPerson.keys()];
  const folds = shape.folds ?? 1;
  const pairs = Array.from({ length: shape.pairs }, (_, i): FakePair => {
    const fold = Math.floor((i * folds) / shape.pairs);
    const place = i - Math.floor((fold * shape.pairs) / folds);
    const same = place < shape.pairs / folds / 2;
    const first = people[random.int(people.length)] ?? 0;
    const other =
      people[(people.indexOf(first) + 1 + random.int(Math.max(1, people.length - 1))) % people.length];
    const one = (person: number | undefined): number => {
      const all = byPerson.get(person ?? 0) ?? [0];
      return all[random.int(all.length)] ?? 0;
    };
    const group = shape.groups?.[i % shape.groups.length] ?? null;
    return { a: one(first), b: one(same ? first : other), same, fold, group };
  });
  const lost = Array.from({ length: images }, (_, i) => i).filter(isLost).length;
  return {
    ...{ pairs, difficulty: shape.difficulty, marked: new Set() },
    info: {
      ...{
        id,
        name: shape.name,
        kind: shape.kind ?? 'verification',
        format: shape.format,
        title: shape.title,
      },
      ...{ createdAt: 1_790_000_000_000 + id * 60_000, source: `/home/ada/benchmarks/${shape.name}` },
      ...{ hash: (id * 2_246_822_519).toString(16).padStart(64, 'b'), alignment: 'aligned', images },
      ...{ problems: lost, people: people.length, pairs: pairs.length, marked: 0, job: null },
      samePairs: pairs.filter(({ same }) => same).length,
      lostPairs: pairs.filter((pair) => hasLost(pair)).length,
      ...{ folds: shape.folds ?? null, groups: shape.groups ?? [] },
    },
  };
}

export function hasLost({ a, b }: FakePair): boolean {
  return isLost(a) || isLost(b);
}

export function imageOf(world: World, benchmark: Benchmark, index: number): BenchmarkImage {
  const face = faceOfImage(world, index);
  const key = `${String(index).padStart(6, '0')}_${face?.file.split('/').at(-1) ?? 'nobody.jpg'}`;
  return {
    ...{ index, key, group: benchmark.groups[index % Math.max(1, benchmark.groups.length)] ?? null },
    person: face === undefined ? null : `Person ${face.truth + 1}`,
    crop: isLost(index) ? null : (face?.crop ?? null),
    problem: isLost(index)
      ? {
          code: 'images/truncated',
          message: `${key} ends in the middle of the picture.`,
          hint: 'Copy the file again from where it came.',
          values: { file: key },
        }
      : null,
    original: !isLost(index) && benchmark.format !== 'bin',
    quality: isLost(index) ? null : (face?.quality ?? null),
  };
}
