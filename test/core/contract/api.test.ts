import { describe, expect, it } from 'vitest';
import { api } from '../../../src/core/contract/api.ts';
import { appMethods, settings } from '../../../src/core/contract/app.ts';
import { benchmarkMethods } from '../../../src/core/contract/benchmarks.ts';
import { cleaningMethods } from '../../../src/core/contract/cleaning.ts';
import { datasetMethods } from '../../../src/core/contract/datasets.ts';
import { evaluationMethods, mapMethods } from '../../../src/core/contract/evaluations.ts';
import { faceMethods } from '../../../src/core/contract/faces.ts';
import { jobMethods } from '../../../src/core/contract/jobs.ts';
import {
  batchCropPath,
  benchmarkPhotoPath,
  cropPath,
  photoPath,
  queryCropPath,
  thumbnailPath,
  warpPath,
} from '../../../src/core/contract/media.ts';
import { modelMethods } from '../../../src/core/contract/models.ts';
import { peopleMethods } from '../../../src/core/contract/people.ts';
import { pluginMethods } from '../../../src/core/contract/plugins.ts';
import { runMethods } from '../../../src/core/contract/runs.ts';
import { sampleMethods } from '../../../src/core/contract/sample.ts';
import { searchMethods } from '../../../src/core/contract/search.ts';
import { trainingMethods } from '../../../src/core/contract/training.ts';
import { versionMethods } from '../../../src/core/contract/versions.ts';
import { weightMethods } from '../../../src/core/contract/weights.ts';
import { filledIn } from './filled-in.ts';

const groups = [
  ...[appMethods, datasetMethods, jobMethods, faceMethods],
  ...[peopleMethods, searchMethods, modelMethods],
  ...[versionMethods, trainingMethods, runMethods, sampleMethods, weightMethods],
  ...[cleaningMethods, pluginMethods],
  ...[benchmarkMethods, evaluationMethods, mapMethods],
];

describe('the contract', () => {
  it('has every name once', () => {
    const names = groups.flatMap((group) => Object.keys(group));
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
    expect(Object.keys(api).toSorted()).toEqual(names.toSorted());
    for (const name of names) expect(name).toMatch(/^[a-z]+\.[a-z][A-Za-z]*$/);
  });

  it('fills in what is left out', () => {
    expect(Object.keys(filledIn).toSorted()).toEqual(Object.keys(api).toSorted());
    for (const [name, method] of Object.entries(api)) {
      const [given, parsed] = filledIn[name] === 'as given' ? [{}, {}] : (filledIn[name] ?? []);
      expect(method.input.parse(given), name).toEqual(parsed);
    }
  });

  it('refuses wrong inputs', () => {
    const points = [1, 2, 3, 4, 5, 6, 7, 8, 9, Number.NaN];
    const wrong: readonly [keyof typeof api, unknown][] = [
      ['app.info', { verbose: true }],
      ['datasets.get', { dataset: 0 }],
      ['datasets.get', { dataset: 1.5 }],
      ['datasets.get', { dataset: '1' }],
      ['datasets.import', { paths: [], name: 'A' }],
      ['datasets.import', { paths: [''], name: 'A' }],
      ['datasets.import', { paths: ['a'], name: '   ' }],
      ['datasets.rename', { dataset: 1, name: 'x'.repeat(201) }],
      ['photos.page', { dataset: 1, limit: 2001 }],
      ['photos.page', { dataset: 1, offset: -1 }],
      ['faces.setPoints', { face: 1, points }],
      ['faces.setPoints', { face: 1, points: points.slice(0, 8) }],
      ['faces.setState', { faces: [], state: 'kept' }],
      ['people.name', { name: 'A' }],
      ['people.name', { name: 'A', faces: [1], cluster: 1 }],
      ['clusters.merge', { clusters: [1] }],
      ['search.query', { picture: { face: 1, path: 'p' } }],
      ['search.query', { picture: {} }],
      ['search.query', { picture: { face: 1 }, top: 1001 }],
      ['settings.set', { theme: 'pink' }],
      ['settings.set', { threads: 0 }],
      ['align.start', { dataset: 1, minFace: 5 }],
      ['versions.create', { datasets: [] }],
      ['versions.create', { datasets: [1], minQuality: 1.5 }],
      ['training.template', { template: 't', version: 'abc' }],
      ['training.trial', { recipe: {}, steps: 21 }],
      ['runs.series', { run: 1, columns: [] }],
      ['runs.series', { run: 1, columns: ['happiness'] }],
      ['runs.series', { run: 1, columns: ['loss'], points: 1 }],
      ['runs.snapshots', { run: 1, last: 0 }],
      ['runs.export', { run: 1, checkpoint: 'first' }],
      ['benchmarks.build', { version: 1, pairs: 1 }],
      ['evaluations.start', { benchmarks: [] }],
      ['evaluations.start', { benchmarks: [1], protocols: ['lfw'] }],
      ['evaluations.start', { benchmarks: [1], ensembles: [['alone']] }],
      ['evaluations.at', { evaluation: 1, at: { far: 0 } }],
      ['maps.start', { scope: {} }],
    ];
    for (const [name, input] of wrong) {
      expect(api[name].input.safeParse(input).success, `${name} ${JSON.stringify(input)}`).toBe(false);
    }
  });

  it('has settings for all of which there is a default, none of which a change fills in', () => {
    expect(settings.parse({})).toEqual({
      ...{ theme: 'system', tinyFace: 32, blurredBelow: 0.25, threads: null, provider: 'cpu' },
    });
    expect(api['settings.set'].input.parse({ tinyFace: 30 })).toEqual({ tinyFace: 30 });
  });

  it('has media paths without anything to escape', () => {
    const hash = 'ab'.repeat(32);
    const paths = [
      ...[thumbnailPath(hash), cropPath(hash), queryCropPath('00ff'), photoPath(12)],
      benchmarkPhotoPath(3, 17),
      batchCropPath(3, 120, 7),
      warpPath(12, [1.005, -2, 3, 4, 5, 6, 7, 8, 9, 1e6], 'evolve'),
    ];
    for (const path of paths) {
      const url = new URL(path, 'http://h');
      expect(url.pathname + url.search).toBe(path);
    }
    expect(paths.at(-1)).toContain('points=1.00,-2.00,3.00');
  });
});
