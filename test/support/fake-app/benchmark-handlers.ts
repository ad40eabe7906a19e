import { error } from '../../../src/core/base/errors.ts';
import type { Handlers, MethodName } from '../../../src/core/contract/api.ts';
import type { BenchmarkReading } from '../../../src/core/contract/benchmarks.ts';
import { type BenchmarkShape, imageOf } from './fake-benchmarks.ts';
import type { FakeEvaluations } from './fake-evaluations.ts';
import type { FakeJobs } from './jobs.ts';
import { known, type World } from './world.ts';

type Mine = Extract<MethodName, `benchmarks.${string}`>;

/** What a path is taken for, by its name alone. */
function readingsOf(path: string): readonly BenchmarkReading[] {
  const name = path.split('/').at(-1) ?? '';
  const none = { people: null, folds: null, groups: [], missing: [], usable: true };
  const verification = { ...none, kind: 'verification', alignment: 'aligned' } as const;
  if (/nothing|empty|\.txt$/.test(name)) return [];
  if (name.endsWith('.bin'))
    return [
      {
        ...{ ...verification, format: 'bin', name: name.replace('.bin', ''), folds: 10 },
        ...{ title: 'InsightFace .bin: 600 pairs of crops of 112 pixels', images: 1200, pairs: 600 },
      },
    ];
  const lfw: BenchmarkReading = {
    ...{ ...verification, format: 'lfw', name: 'LFW', alignment: 'detect', people: 5749, folds: 10 },
    ...{ title: 'LFW, View 2: ten folds of 300 + 300 pairs', images: 13_233, pairs: 6000 },
    missing: /missing/.test(name)
      ? ['12 pictures that pairs.txt names are not there: 14 pairs are lost.']
      : [],
  };
  return [
    lfw,
    {
      ...{ ...lfw, format: 'lfw-view1', title: 'LFW, View 1: to develop on', pairs: 1000, folds: 1 },
      ...{ missing: ['pairsDevTest.txt is not in the folder.'], usable: false },
    },
    {
      ...{ ...verification, format: 'identities', name, people: 5749, images: 13_233, pairs: 6000 },
      ...{ title: 'A folder for each person, without a list: pairs are drawn', folds: 10 },
      alignment: 'detect',
    },
  ];
}

export function benchmarkHandlers(world: World, jobs: FakeJobs, kept: FakeEvaluations): Pick<Handlers, Mine> {
  const one = (id: number) => known(kept.benchmarks, id, 'benchmark');
  const add = (shape: BenchmarkShape) => kept.add(shape);
  return {
    'benchmarks.list': () => [...kept.benchmarks.values()].map(({ info }) => ({ ...info })),
    'benchmarks.get': ({ benchmark }) => ({ ...one(benchmark).info }),
    'benchmarks.find': ({ name }) => {
      const found = [...kept.benchmarks.values()].find(({ info }) => info.name === name);
      if (found === undefined) throw error('app/internal', { detail: `there is no benchmark ${name}` });
      return { ...found.info };
    },
    'benchmarks.recognise': ({ path }) => readingsOf(path),
    'benchmarks.import': ({ path, name, format, alignment }) => {
      const readings = readingsOf(path);
      const reading = readings.find((other) => other.format === format) ?? readings[0];
      if (reading === undefined) throw error('app/internal', { detail: `${path} is nothing that is known` });
      const made = add({
        ...{ name: name ?? reading.name, format: reading.format, title: reading.title, difficulty: 0.3 },
        ...{
          images: Math.min(1200, reading.images),
          pairs: Math.min(600, reading.pairs),
          folds: reading.folds,
        },
      });
      made.info.alignment = alignment ?? reading.alignment;
      const hash = made.info.hash;
      made.info.hash = null;
      const job = jobs.start(
        'benchmark',
        `Read ${made.info.name}`,
        null,
        made.info.images,
        'pictures',
        () => {
          made.info.hash = hash;
          made.info.job = null;
          kept.changed('benchmarks');
        },
      );
      made.info.job = job;
      kept.changed('benchmarks');
      return { benchmark: made.info.id, job };
    },
    'benchmarks.build': ({ version, name, pairs, folds }) => {
      const used = known(world.versions, version, 'version');
      const made = add({
        ...{ name: name ?? `${used.name} pairs`, format: 'version', difficulty: 0.25, folds, pairs },
        title: `${pairs} pairs drawn of “${used.name}”`,
        images: Math.max(2, used.images),
      });
      kept.changed('benchmarks');
      return { ...made.info };
    },
    'benchmarks.images': ({ benchmark, show, search, offset, limit }) => {
      const { info } = one(benchmark);
      const every = Array.from({ length: info.images }, (_, i) => i);
      const shown =
        show === 'all' && search === ''
          ? every
          : every.filter((i) => {
              const image = imageOf(world, info, i);
              return (
                (show === 'all' || image.problem !== null) &&
                `${image.key} ${image.person ?? ''}`.toLowerCase().includes(search.toLowerCase())
              );
            });
      const items = shown.slice(offset, offset + limit).map((i) => imageOf(world, info, i));
      return { offset, total: shown.length, items };
    },
    'benchmarks.alignment': ({ benchmark, pictures }) => {
      const off = one(benchmark).info.name === 'CPLFW';
      return {
        ...{ looked: pictures, found: pictures - 2, error: off ? 0.181 : 0.021 },
        ...{ scale: off ? 1.22 : 1.004, turn: off ? 0.4 : -0.1, shift: off ? [3.1, -9.4] : [0.2, -0.3] },
        verdict: off ? 'off' : 'fits',
        advice: off
          ? 'The faces are larger than on the template and sit too high. Import it once more and let faces be found in the pictures.'
          : 'The crops lie on the template that the models expect.',
      };
    },
    'benchmarks.rename': ({ benchmark, name }) => {
      one(benchmark).info.name = name;
      kept.changed('benchmarks', 'evaluations');
    },
    'benchmarks.remove': ({ benchmark }) => {
      one(benchmark);
      kept.remove(benchmark);
      kept.changed('benchmarks', 'evaluations');
    },
    'benchmarks.export': ({ benchmark, path }) => {
      const { pairs, images, problems } = one(benchmark).info;
      return { path, pairs, images: images - problems };
    },
  };
}
