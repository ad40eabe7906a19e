import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../../../src/core/contract/runs.ts';
import { metricColumns } from '../../../../src/core/training/metrics.ts';
import { trainingLine } from '../../../../src/main/hosts/cli/follow-run.ts';
import { withSettings } from '../../../../src/main/hosts/cli/read-recipe.ts';
import { haveModels } from '../../../support/app.ts';
import { type Prepared, prepareVersion, tinyRecipe } from '../../../support/trained.ts';
import { json, type } from './support.ts';

describe('settings on the command line', () => {
  it('are put in where their path says, as JSON or text', () => {
    const recipe = { batch: 8, schedule: { rate: 1, warmUp: { epochs: 2 } }, list: [1] };
    const settings = [
      ...[
        'schedule.rate=0.05',
        'network.backbone=ir-50',
        'earlyStop={"patience":3}',
        'schedule.warmUp.from=0',
      ],
      ...['list.a=null', 'data.file=a=b'],
    ];
    expect(withSettings(recipe, settings)).toEqual({
      batch: 8,
      schedule: { rate: 0.05, warmUp: { epochs: 2, from: 0 } },
      network: { backbone: 'ir-50' },
      earlyStop: { patience: 3 },
      list: { a: null },
      data: { file: 'a=b' },
    });
    expect(recipe.schedule.rate).toBe(1);
    for (const wrong of ['rate', '=3', 'a..b=3', '.a=1']) {
      expect(() => withSettings({}, [wrong]), wrong).toThrow(wrong);
    }
  });
});

describe('how a training goes', () => {
  it('fits in one line', () => {
    const going: Run = {
      ...{ id: 1, name: 'A', state: 'running', reason: null, error: null, createdAt: 0, startedAt: 0 },
      ...{ finishedAt: null, job: null, step: 120, steps: 2000, stepsPerEpoch: 10, backbone: 'b', head: 'h' },
      ...{ version: { id: 1, hash: '', name: '' }, parent: null, provider: 'cpu', loss: 3.2104 },
      ...{ best: { accuracy: 0.9312, step: 100 }, imagesPerSecond: 19.63, etaSeconds: 3723, memory: 1 },
    };
    expect(trainingLine(going, 0.25)).toBe(
      'A: step 120 of 2000, loss 3.210, 25.0% recognised, best accuracy 93.12%, 19.6 images/s, 1:02:03 left',
    );
    const waiting: Run = {
      ...going,
      state: 'queued',
      step: 0,
      loss: null,
      best: null,
      imagesPerSecond: null,
    };
    expect(trainingLine({ ...waiting, etaSeconds: null }, null)).toBe('A: queued, step 0 of 2000');
  });
});

describe('what there is to train', () => {
  let empty: string;
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'lineament-cli-'));
  });
  afterAll(() => rm(empty, { recursive: true, force: true }));

  it.skipIf(!haveModels)('backbones and heads', async () => {
    const backbones = (await json(['backbones'], empty)).value as Record<string, unknown>[];
    expect(backbones.find(({ name }) => name === 'mobilefacenet')).toMatchObject({
      ...{ parameters: 1_200_512, multiplyAdds: 227_574_016, input: 112, embedding: 512 },
    });
    expect(backbones.map(({ name }) => name)).toEqual(expect.arrayContaining(['ir-18', 'ir-50']));
    expect((await type(['backbones'], empty)).out).toMatch(/multiply-adds[\s\S]*ir-50 +43574976/);
    const some = (await json(['backbones', 'SE', '152'], empty)).value as Record<string, unknown>[];
    expect(some.map(({ name }) => name)).toEqual(['ir-se-152', 'se-resnet-152']);
    const one = (await type(['backbones', 'se-resnext-50'], empty)).out;
    expect(one).toMatch(/of the family SE-ResNeXt[\s\S]*stem +paper +paper, fine, deep/);
    expect((await type(['backbones', 'alexnet'], empty)).out).toContain('no network is called so');
    const heads = (await json(['heads'], empty)).value as Record<string, unknown>[];
    expect(heads.find(({ name }) => name === 'arcface')).toMatchObject({
      presets: { 'face.evoLVe': { scale: 64, margin: 0.5 } },
    });
    expect((await type(['heads'], empty)).out).toMatch(/arcface +face\.evoLVe +scale 64, margin 0\.5/);
  });

  it.skipIf(!haveModels)('nothing, said clearly', async () => {
    expect((await type(['version', 'list'], empty)).out).toBe('There are no versions.');
    expect((await type(['runs', 'list'], empty)).out).toBe('There are no runs.');
    const unknown = await type(['runs', 'show', 'X'], empty);
    expect(unknown.code).toBe(1);
    expect(unknown.err.join('')).toMatch(/no run “X”. There are none yet.[\s\S]*run\/unknown/);
    const words = [
      ...[['train'], ['train', '--recipe', 'a', '--resume', 'b'], ['version', 'create']],
      ...[
        ['run', 'rename', 'X'],
        ['train', '--resume', 'X', '--set', 'a=1'],
        ['export', 'X', '--no-install'],
      ],
    ];
    for (const wrong of words) expect((await type(wrong, empty)).code, wrong.join(' ')).toBe(2);
    const missing = await json(['train', '--recipe', join(empty, 'none.json')], empty);
    expect(missing).toMatchObject({ code: 1, value: { error: { code: 'file/cannot-read' } } });
    const broken = join(empty, 'broken.json');
    await writeFile(broken, '{"data": ');
    expect((await json(['train', '--check', broken], empty)).value).toMatchObject({
      error: { code: 'recipe/not-json' },
    });
  });
});

describe.skipIf(!haveModels)('training by commands', () => {
  let prepared: Prepared;
  let data: string;
  let file: string;
  beforeAll(async () => {
    prepared = await prepareVersion();
    data = join(prepared.root, 'cli');
    await cp(prepared.dataDir, data, { recursive: true });
    file = join(prepared.root, 'recipe.json');
    await writeFile(file, JSON.stringify(tinyRecipe('Cast', 4, { schedule: { rate: 0.02 } })));
  }, 120_000);
  afterAll(() => prepared?.remove());

  it('version create, list, show, rename and remove', async () => {
    const { hash } = prepared.version;
    const again = await json(['version', 'create', '--dataset', 'Cast', '--name', 'Other'], data);
    expect(again.value).toMatchObject({ hash, name: 'Cast' }); // the same list
    const sharp = ['version', 'create', '--dataset', 'Cast', '--min-quality', '0.75', '--name', 'Sharp'];
    const { value } = await json(sharp, data);
    expect(value).toMatchObject({ name: 'Sharp' });
    const detail = (await json(['version', 'show', hash.slice(0, 6)], data)).value;
    expect(detail).toMatchObject({ images: 20, identities: 5, sizes: [[4, 5]], cropSides: [112, 112] });
    expect((await type(['version', 'list'], data)).out).toMatch(/Sharp[\s\S]*Cast +[0-9a-f]{12} +20 +5/);
    await type(['version', 'rename', 'Sharp', '--name', 'Sharper'], data);
    expect((await type(['version', 'remove', 'Sharper'], data)).out).toBe('Removed Sharper.');
    expect((await json(['version', 'show', 'Sharper'], data)).value).toMatchObject({
      error: { code: 'version/unknown', message: expect.stringContaining(`Cast (${hash.slice(0, 12)})`) },
    });
    expect((await json(['version', 'create', '--dataset', 'No one'], data)).value).toMatchObject({
      error: { code: 'dataset/unknown' },
    });
  });

  it('train --check says what a recipe amounts to, or what is wrong', async () => {
    const good = await json(['train', '--check', file], data);
    expect(good).toMatchObject({ code: 0, value: { problems: [], outlook: { steps: 8, images: 10 } } });
    expect((await type(['train', '--check', file], data)).out).toContain('8 steps of 4 pictures');
    const bad = await json(['train', '--check', file, '--set', 'schedule.rate=-1', '--set', 'oops=1'], data);
    expect(bad.code).toBe(1);
    expect((bad.value as { problems: { path: string }[] }).problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['schedule.rate', 'oops']),
    );
    const nowhere = await json(['train', '--check', file, '--set', 'data.version=ffffff'], data);
    expect(nowhere).toMatchObject({ code: 1, value: { problems: [{ path: 'data.version' }] } });
    const large = await json(['train', '--check', file, '--set', 'batch=64'], data);
    expect(large.value).toMatchObject({ problems: [{ path: 'batch' }] });
  });

  it('train is paused by Ctrl-C, says how to go on, and goes on; then all of it can be read', async () => {
    const stop = new AbortController();
    const words = ['train', '--recipe', file, '--name', 'First', '--set', 'seed=3'];
    const paused = await type(words, data, {
      signal: stop.signal,
      onError: (line) => /step [3-7] of/.test(line) && stop.abort(),
    });
    expect(paused.code).toBe(1);
    expect(paused.err.join('\n')).toMatch(/First: step \d of 8, loss \d.*images\/s/);
    expect(paused.err.at(-1)).toMatch(/First is paused at step \d of 8. `lineament train --resume 1`/);

    const ended = await json(['train', '--resume', 'First'], data);
    expect(ended).toMatchObject({ code: 0, value: { state: 'done', reason: 'finished', step: 8, id: 1 } });
    expect((await json(['train', '--resume', '1'], data)).value).toMatchObject({
      error: { code: 'run/ended' },
    });
    expect((await json(['runs', 'list'], data)).value).toMatchObject([{ name: 'First', state: 'done' }]);
    expect((await type(['runs', 'list'], data)).out).toMatch(/First +done \(finished\) +8\/8/);
    const shown = await type(['runs', 'show', 'First'], data);
    expect(shown.out).toContain(prepared.version.hash);
    expect(shown.out).toContain('"seed": 3');

    const lines = (await type(['run', 'metrics', 'First'], data)).out.split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(rows.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(Object.keys(rows[0] ?? {})).toEqual(['step', ...metricColumns]);
    expect((await json(['run', 'metrics', 'First'], data)).value).toEqual(rows);
    const evaluated = (await json(['run', 'metrics', 'First', '--evaluations'], data)).value as unknown[];
    expect(evaluated.at(-1)).toMatchObject({ step: 8, set: 'held-out', pairs: 10 });

    const out = join(prepared.root, 'first.onnx');
    const written = await json(['export', 'First', '--out', out, '--checkpoint', 'last'], data);
    expect(written.value).toMatchObject({ path: out, step: 8, model: 'first' });
    expect((await readFile(out)).length).toBe((written.value as { bytes: number }).bytes);
    expect((await type(['models', 'list'], data)).out).toMatch(/first +embedding/);
    expect((await json(['export', 'First', '--checkpoint', '3'], data)).value).toMatchObject({
      error: { code: 'run/no-checkpoint', message: expect.stringContaining('step 8') },
    });
  }, 120_000);

  it('version clean --run judges names by a run’s best checkpoint', async () => {
    const words = ['version', 'clean', 'Cast', '--run'];
    const { code, value } = await json([...words, 'First', '--preview'], data);
    const { cleaning, preview } = value as {
      readonly cleaning: { readonly model: string; readonly images: number };
      readonly preview: { readonly images: number; readonly dropped: number };
    };
    expect(code).toBe(0);
    expect(cleaning).toMatchObject({ images: 20, model: 'run-1-step-8' });
    expect(preview.images + preview.dropped).toBe(20);
    expect((await type([...words, 'First', '--model', 'faceplugin-512'], data)).code).toBe(2);
    expect((await json([...words, 'Nobody'], data)).value).toMatchObject({ error: { code: 'run/unknown' } });
    // nothing was made
    expect((await json(['version', 'list'], data)).value).toHaveLength(1);
  }, 120_000);

  it('weights write, show and read: a run’s network for PyTorch, and such a file as a model', async () => {
    const out = join(prepared.root, 'first.pth');
    const written = await json(['weights', 'write', 'First', '--out', out, '--layout', 'facex'], data);
    expect(written.value).toMatchObject({ path: out, layout: 'facex', tensors: 333 });
    const shown = await json(['weights', 'show', out, '--size', '32'], data);
    expect(shown).toMatchObject({
      code: 0,
      value: {
        ...{ backbone: 'mobilefacenet', embedding: 32, matched: 283, missing: [], unused: [], counters: 50 },
        ...{ where: 'state_dict', prefix: 'backbone.', pixels: { order: 'bgr', deviation: 128 } },
      },
    });
    const read = await type(['weights', 'read', out, '--order', 'rgb', '--model', 'back'], data);
    expect(read.out).toMatch(
      /283 of 283 tensors[\s\S]*It is back in models list.*"colour":"rgb".*"std":\[128\]/,
    );
    expect((await type(['models', 'list'], data)).out).toMatch(/back +embedding/);
    expect((await json(['weights', 'read', join(prepared.root, 'none.pth')], data)).value).toMatchObject({
      error: { code: 'file/cannot-read' },
    });
    for (const wrong of [
      ['write', 'First'],
      ['read', out, '--no-install'],
      ['read', out, '--order', 'grey'],
    ])
      expect((await type(['weights', ...wrong], data)).code, wrong.join(' ')).toBe(2);
  }, 120_000);

  it('runs compare, run fork, rename and remove', async () => {
    const fork = [
      'run',
      'fork',
      'First',
      '--set',
      'epochs=0.5',
      '--set',
      'schedule.rate=0.01',
      '--name',
      'F',
    ];
    expect((await json(fork, data)).value).toMatchObject({
      steps: 1,
      state: 'done',
      parent: { name: 'First' },
    });
    const compared = (await json(['runs', 'compare', 'First', 'F'], data)).value;
    expect(compared).toMatchObject({
      differences: [
        { path: 'schedule.rate', a: 0.02, b: 0.01 },
        { path: 'epochs', a: 4, b: 0.5 },
      ],
    });
    expect((await type(['runs', 'compare', 'First', 'F'], data)).out).toMatch(/schedule.rate +0.02 +0.01/);
    expect((await type(['run', 'rename', 'F', '--name', 'Fork'], data)).out).toBe('Fork');
    expect((await type(['run', 'remove', 'Fork'], data)).out).toBe('Removed Fork.');
    expect((await json(['runs', 'show', 'Fork'], data)).value).toMatchObject({
      error: { code: 'run/unknown', message: expect.stringContaining('There are: First.') },
    });
  }, 60_000);
});
