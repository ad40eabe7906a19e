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

const groups = [
  ...[appMethods, datasetMethods, jobMethods, faceMethods],
  ...[peopleMethods, searchMethods, modelMethods],
  ...[versionMethods, trainingMethods, runMethods, sampleMethods, weightMethods],
  ...[cleaningMethods, pluginMethods],
  ...[benchmarkMethods, evaluationMethods, mapMethods],
];

/** What each method fills in for what is left out; a method that is missing here fails the test. */
const filledIn: Readonly<Record<string, readonly [given: unknown, parsed: unknown] | 'as given'>> = {
  'app.info': 'as given',
  'app.doctor': [{}, { devices: false }],
  'settings.get': 'as given',
  'settings.set': [{}, {}],
  'benchmarks.list': 'as given',
  'benchmarks.get': [{ benchmark: 1 }, { benchmark: 1 }],
  'benchmarks.find': [{ name: ' LFW ' }, { name: 'LFW' }],
  'benchmarks.recognise': [{ path: '/lfw' }, { path: '/lfw', images: null }],
  'benchmarks.import': [
    { path: '/lfw' },
    { path: '/lfw', images: null, format: null, name: null, alignment: null },
  ],
  'benchmarks.build': [{ version: 1 }, { version: 1, name: null, pairs: 6000, folds: 10, seed: 0 }],
  'benchmarks.images': [{ benchmark: 1 }, { benchmark: 1, show: 'all', search: '', offset: 0, limit: 200 }],
  'benchmarks.alignment': [{ benchmark: 1 }, { benchmark: 1, pictures: 50 }],
  'benchmarks.rename': [
    { benchmark: 1, name: 'B' },
    { benchmark: 1, name: 'B' },
  ],
  'benchmarks.remove': [{ benchmark: 1 }, { benchmark: 1 }],
  'benchmarks.export': [
    { benchmark: 1, path: '/out' },
    { benchmark: 1, path: '/out', format: 'bin' },
  ],
  'evaluations.start': [
    { benchmarks: [1] },
    {
      ...{ models: [], runs: [], files: [], ensembles: [], benchmarks: [1] },
      ...{ protocols: ['evolve', 'facex', 'standard'], flip: false, resamples: 1000, seed: 0 },
      ...{ trainedOn: null, leaks: 'count', again: false },
    },
  ],
  'evaluations.list': [{}, { benchmark: null, all: false }],
  'evaluations.get': [{ evaluation: 1 }, { evaluation: 1 }],
  'evaluations.remove': [{ evaluations: [1] }, { evaluations: [1] }],
  'evaluations.curves': [{ evaluations: [1] }, { evaluations: [1], points: 500 }],
  'evaluations.at': [
    { evaluation: 1, at: { far: 0.001 } },
    { evaluation: 1, at: { far: 0.001 } },
  ],
  'evaluations.failures': [
    { evaluation: 1, at: { threshold: 0.3 }, kind: 'false-accepts' },
    { evaluation: 1, at: { threshold: 0.3 }, kind: 'false-accepts', offset: 0, limit: 200 },
  ],
  'evaluations.mark': [
    { benchmark: 1, pairs: [0], marked: true },
    { benchmark: 1, pairs: [0], marked: true },
  ],
  'evaluations.leaks': [
    { benchmark: 1, version: 1 },
    { benchmark: 1, version: 1 },
  ],
  'evaluations.report': [{}, { evaluations: null, format: 'html', title: null, path: null }],
  'maps.start': [
    { scope: { version: 1 } },
    {
      ...{ scope: { version: 1 }, models: null, method: 'umap', people: 10, names: [], each: 50 },
      ...{ neighbours: 15, epochs: 500, seed: 0 },
    },
  ],
  'maps.get': [{ job: 1 }, { job: 1 }],
  'datasets.list': [{}, { removed: false }],
  'datasets.get': [{ dataset: 1 }, { dataset: 1 }],
  'datasets.find': [{ name: '  A ' }, { name: 'A' }],
  'datasets.import': [
    { paths: ['/a'], name: 'A' },
    { paths: ['/a'], name: 'A', kind: 'auto', copy: false, aligned: false },
  ],
  'datasets.preview': [{ paths: ['/a'] }, { paths: ['/a'], kind: 'auto' }],
  'datasets.rename': [
    { dataset: 1, name: 'B' },
    { dataset: 1, name: 'B' },
  ],
  'datasets.remove': [{ dataset: 1 }, { dataset: 1 }],
  'datasets.restore': [{ dataset: 1 }, { dataset: 1 }],
  'datasets.erase': [{ dataset: 1 }, { dataset: 1 }],
  'photos.page': [
    { dataset: 1 },
    { dataset: 1, show: 'all', reason: null, search: '', offset: 0, limit: 200 },
  ],
  'photos.get': [{ photo: 1 }, { photo: 1 }],
  'photos.queue': [{ dataset: 1 }, { dataset: 1 }],
  'photos.review': [
    { photos: [1], reviewed: true },
    { photos: [1], reviewed: true },
  ],
  'files.browse': [{}, { path: null }],
  'files.places': 'as given',
  'jobs.list': [{}, { active: false }],
  'jobs.get': [{ job: 1 }, { job: 1 }],
  'jobs.pause': [{ job: 1 }, { job: 1 }],
  'jobs.cancel': [{ job: 1 }, { job: 1 }],
  'jobs.continue': [{ job: 1 }, { job: 1 }],
  'jobs.wait': [{ job: 1 }, { job: 1 }],
  'jobs.clear': 'as given',
  'align.start': [
    { dataset: 1 },
    { dataset: 1, detector: null, solver: 'umeyama', minFace: null, again: false },
  ],
  'embed.start': [{}, { datasets: null, model: null, after: null }],
  'cluster.start': [{}, { datasets: null, model: null, threshold: null, after: null }],
  'faces.page': [
    {},
    {
      ...{
        datasets: null,
        photo: null,
        state: 'kept',
        person: null,
        cluster: null,
        minQuality: 0,
        minSize: 0,
      },
      ...{ search: '', sort: 'added', offset: 0, limit: 200 },
    },
  ],
  'faces.ids': [
    { person: 'unnamed' },
    {
      ...{ datasets: null, photo: null, state: 'kept', person: 'unnamed', cluster: null, minQuality: 0 },
      ...{ minSize: 0, search: '', sort: 'added' },
    },
  ],
  'faces.get': [{ face: 1 }, { face: 1 }],
  'faces.ofPhotos': [{ photos: [1] }, { photos: [1] }],
  'faces.choose': [{ face: 1 }, { face: 1 }],
  'faces.setState': [
    { faces: [1], state: 'aside' },
    { faces: [1], state: 'aside' },
  ],
  'faces.setPoints': [
    { face: 1, points: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    { face: 1, points: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
  ],
  'faces.add': [
    { photo: 1, points: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    { photo: 1, points: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
  ],
  'faces.exportCrop': [
    { face: 1, out: 'a' },
    { face: 1, out: 'a' },
  ],
  'people.page': [{}, { search: '', offset: 0, limit: 200 }],
  'people.get': [{ person: 1 }, { person: 1 }],
  'people.name': [
    { cluster: 1, name: 'A' },
    { cluster: 1, name: 'A' },
  ],
  'people.rename': [
    { person: 1, name: 'A' },
    { person: 1, name: 'A' },
  ],
  'people.merge': [
    { people: [1], into: 2 },
    { people: [1], into: 2 },
  ],
  'people.split': [{ faces: [1] }, { faces: [1], name: null }],
  'people.suggestions': [{}, { person: null, offset: 0, limit: 200 }],
  'people.confirm': [
    { faces: [1], person: 1 },
    { faces: [1], person: 1 },
  ],
  'people.dismiss': [
    { faces: [1], person: 1 },
    { faces: [1], person: 1 },
  ],
  'clusters.page': [{}, { show: 'unnamed', minSize: 2, offset: 0, limit: 200 }],
  'clusters.get': [{ cluster: 1 }, { cluster: 1 }],
  'clusters.merge': [{ clusters: [1, 2] }, { clusters: [1, 2] }],
  'clusters.split': [{ faces: [1] }, { faces: [1] }],
  'journal.list': [{}, { offset: 0, limit: 200 }],
  'journal.undo': 'as given',
  'journal.redo': 'as given',
  'search.query': [
    { picture: { face: 1 } },
    { picture: { face: 1 }, datasets: null, model: null, top: 50, minSimilarity: -1 },
  ],
  'search.prepare': [{}, { datasets: null, model: null }],
  'search.verify': [
    { a: { face: 1 }, b: { path: 'p' } },
    { a: { face: 1 }, b: { path: 'p' }, model: null },
  ],
  'embeddings.export': [
    { dataset: 1, out: 'o' },
    { dataset: 1, out: 'o', model: null },
  ],
  'models.list': 'as given',
  'models.inspect': [{ path: 'p' }, { path: 'p' }],
  'models.import': [{ path: 'p' }, { path: 'p', card: null }],
  'models.remove': [{ model: 'm' }, { model: 'm' }],
  'models.setDefault': [{ model: 'm' }, { model: 'm' }],
  'versions.list': 'as given',
  'versions.get': [{ version: 1 }, { version: 1 }],
  'versions.create': [{ datasets: [1] }, { datasets: [1], name: null, minQuality: 0 }],
  'versions.rename': [
    { version: 1, name: ' A ' },
    { version: 1, name: 'A' },
  ],
  'versions.remove': [{ version: 1 }, { version: 1 }],
  'training.catalogue': 'as given',
  'training.template': [
    { template: 't', version: 'abcd' },
    { template: 't', version: 'abcd' },
  ],
  'training.check': [{ recipe: { any: 'thing' } }, { recipe: { any: 'thing' } }],
  'training.trial': [{ recipe: {} }, { recipe: {}, steps: 3 }],
  'runs.list': 'as given',
  'runs.get': [{ run: 1 }, { run: 1 }],
  'runs.find': [{ name: 'A' }, { name: 'A' }],
  'runs.start': [{ recipe: {} }, { recipe: {}, name: null }],
  'runs.pause': [{ run: 1 }, { run: 1 }],
  'runs.continue': [{ run: 1 }, { run: 1 }],
  'runs.stop': [{ run: 1 }, { run: 1 }],
  'runs.fork': [{ run: 1 }, { run: 1, step: null, recipe: null, name: null }],
  'runs.rename': [
    { run: 1, name: 'A' },
    { run: 1, name: 'A' },
  ],
  'runs.remove': [{ run: 1 }, { run: 1 }],
  'runs.series': [
    { run: 1, columns: ['loss'] },
    { run: 1, columns: ['loss'], from: 0, to: null, points: 1000 },
  ],
  'runs.evaluations': [{ run: 1 }, { run: 1 }],
  'runs.snapshots': [{ run: 1 }, { run: 1, last: 1 }],
  'runs.batch': [{ run: 1 }, { run: 1, step: null }],
  'runs.export': [{ run: 1 }, { run: 1, checkpoint: 'best', path: null, model: null, install: true }],
  'sample.get': 'as given',
  'sample.start': [
    { seed: 3 },
    {
      seed: 3,
      size: {
        identities: 20,
        picturesEach: 6,
        groups: 6,
        cropIdentities: 160,
        cropsEach: 14,
        steps: null,
        side: 48,
      },
    },
  ],
  'sample.stop': 'as given',
  'sample.wait': 'as given',
  'sample.report': 'as given',
  'weights.inspect': [{ path: 'a' }, { path: 'a', backbone: null, size: null }],
  'weights.import': [
    { path: 'a' },
    { path: 'a', backbone: null, size: null, pixels: null, model: null, install: true, out: null },
  ],
  'weights.export': [
    { run: 1, path: 'a' },
    { run: 1, path: 'a', checkpoint: 'best', layout: null },
  ],
  'cleaning.start': [{ version: 1 }, { version: 1, model: null, run: null }],
  'cleaning.list': [{ version: 1 }, { version: 1 }],
  'cleaning.preview': [{ cleaning: 1 }, { cleaning: 1, limits: {}, refused: [], merge: [] }],
  'cleaning.suspects': [{ cleaning: 1 }, { cleaning: 1, limits: {}, action: null, offset: 0, limit: 200 }],
  'cleaning.apply': [{ cleaning: 1 }, { cleaning: 1, limits: {}, refused: [], merge: [], name: null }],
  'cleaning.report': [{ version: 1 }, { version: 1 }],
  'cleaning.changes': [{ version: 1 }, { version: 1, action: null, offset: 0, limit: 200 }],
  'cleaning.takeBack': [
    { version: 1, changes: [0] },
    { version: 1, changes: [0], name: null },
  ],
  'plugins.list': 'as given',
  'plugins.text': [{ plugin: 'a' }, { plugin: 'a' }],
  'plugins.agree': [
    { plugin: 'a', sha256: '0'.repeat(64) },
    { plugin: 'a', sha256: '0'.repeat(64) },
  ],
  'plugins.withdraw': [{ plugin: 'a' }, { plugin: 'a' }],
  'plugins.check': [{ plugin: 'a' }, { plugin: 'a' }],
  'plugins.new': [
    { kind: 'backbone', name: 'a' },
    { kind: 'backbone', name: 'a' },
  ],
};

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
