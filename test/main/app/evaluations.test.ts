import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationResult, FailedPair } from '../../../src/core/contract/evaluations.ts';
import { cropPath } from '../../../src/core/contract/media.ts';
import type { EmbeddingCard } from '../../../src/core/contract/model-card.ts';
import { modelsDir } from '../../../src/main/hosts/places.ts';
import { openEmbedder } from '../../../src/main/models/embedder.ts';
import { haveModels } from '../../support/app.ts';
import { portraits } from '../../support/portraits.ts';
import { openBench } from './support.ts';

/** Portraits of five people, measured by the built-in model through the whole application. */
describe.skipIf(!haveModels)('a benchmark that is measured', () => {
  const bench = openBench();
  const { call } = bench;
  let benchmark: number;
  let model: string;
  let results: readonly EvaluationResult[];

  /** Every pair with its score: all of two people are false accepts at the lowest threshold, and so on. */
  const scoresOf = async (result: EvaluationResult): Promise<FailedPair[]> => {
    const lowest = result.protocol === 'evolve' ? 5 : -2;
    const accepts = await call('evaluations.failures', {
      ...{ evaluation: result.id, at: { threshold: lowest }, kind: 'false-accepts', limit: 500 },
    });
    const rejects = await call('evaluations.failures', {
      ...{ evaluation: result.id, at: { threshold: 3 - lowest }, kind: 'false-rejects', limit: 500 },
    });
    return [...accepts.items, ...rejects.items].sort((a, b) => a.pair - b.pair);
  };
  const by = (protocol: string): EvaluationResult => {
    const found = results.find((result) => result.protocol === protocol);
    if (found === undefined) throw new Error(`nothing measured by ${protocol}`);
    return found;
  };

  beforeAll(async () => {
    await call('settings.set', { threads: 1 });
    const source = await portraits(4);
    const { dataset } = await bench.aligned('Cast', [source]);
    const version = await call('versions.create', { datasets: [dataset] });
    const made = await call('benchmarks.build', { version: version.id, name: 'Cast', pairs: 24, folds: 2 });
    benchmark = made.id;
    const job = await bench.test.done(
      call('evaluations.start', { models: ['faceplugin-512'], benchmarks: [benchmark], resamples: 200 }),
    );
    expect(job.summary).toMatchObject({ measured: 3, known: 0, failed: 0 });
    results = await call('evaluations.list', {});
    model = results[0]?.subject.models[0] ?? '';
  }, 240_000);

  it('has a result for each protocol, with figures of all its pairs', () => {
    expect(results.map(({ protocol }) => protocol).sort()).toEqual(['evolve', 'facex', 'standard']);
    for (const { pairs, lost, marked, leaked, withAll, outdated, verification } of results) {
      expect([pairs, lost, marked, leaked, withAll, outdated]).toEqual([24, 0, 0, 0, null, false]);
      expect(verification?.folds).toHaveLength(2);
      expect(verification?.resampled).toBe('identities');
      expect(verification?.accuracy.value).toBeGreaterThan(0.8);
      const { low = 2, value = 0, high = -1 } = verification?.accuracy ?? {};
      expect(low <= value && value <= high).toBe(true);
    }
    // FAR below one of twelve pairs can't be told.
    expect(by('standard').verification?.tar.map((tar) => tar === null)).toEqual([
      ...[false, true, true, true, true, true],
    ]);
  });

  it('has the scores that the model gives its crops, with and without the mirrored ones', {
    timeout: 60_000,
  }, async () => {
    const [facex, evolve] = [await scoresOf(by('facex')), await scoresOf(by('evolve'))];
    expect([facex.length, evolve.length]).toEqual([24, 24]);
    const { card } = (await call('models.list', {})).find((one) => one.card.id === model) ?? {};
    const embedder = await openEmbedder(card as EmbeddingCard, modelsDir, { threads: 1 });
    const unit = async (crop: string, flip: boolean): Promise<number[]> => {
      const { body } = await bench.test.get(cropPath(crop));
      const { data, info } = await sharp(body as Uint8Array)
        .raw()
        .toBuffer({ resolveWithObject: true });
      const [vector] = await embedder.embed([{ width: info.width, height: info.height, data }], { flip });
      return Array.from(vector ?? []);
    };
    try {
      for (const [list, flip] of [
        [facex, false],
        [evolve, true],
      ] as const)
        for (const { score, images } of list.slice(0, 3)) {
          const [a, b] = [await unit(images[0].crop ?? '', flip), await unit(images[1].crop ?? '', flip)];
          const dot = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
          const far = a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
          expect(Math.abs((score ?? 9) - (flip ? far : dot))).toBeLessThan(1e-6);
        }
    } finally {
      await embedder.close();
    }
  });

  it('tells thresholds, curves and failures that agree with its scores', async () => {
    const result = by('standard');
    const all = await scoresOf(result);
    const threshold = result.verification?.threshold ?? 0;
    const at = await call('evaluations.at', { evaluation: result.id, at: { threshold } });
    const accepted = (pair: FailedPair): boolean => (pair.score ?? 0) > threshold;
    const wrong = all.filter((pair) => accepted(pair) !== pair.same);
    expect(at.falseAccepts + at.falseRejects).toBe(wrong.length);
    expect(at.accuracy).toBeCloseTo(1 - wrong.length / 24, 12);
    const none = await call('evaluations.failures', {
      ...{ evaluation: result.id, at: { threshold: -2 }, kind: 'false-accepts', limit: 3 },
    });
    const others = all.filter(({ same }) => !same).map(({ score }) => score ?? 0);
    expect(none.total).toBe(others.length);
    expect(none.items.map(({ score }) => score)).toEqual(others.sort((a, b) => b - a).slice(0, 3));
    expect(none.items[0]?.images[0].quality?.overall).toBeGreaterThan(0);
    expect(none.items[0]?.by).toBeCloseTo((others[0] ?? 0) + 2, 6);
    const [curve] = await call('evaluations.curves', { evaluations: [result.id] });
    expect(curve?.roc[0]?.slice(0, 2)).toEqual([0, 0]);
    expect(curve?.roc.at(-1)?.slice(0, 2)).toEqual([1, 1]);
    expect(curve?.same.counts.reduce((sum, count) => sum + count, 0)).toBe(12);
    await expect(call('evaluations.at', { evaluation: result.id, at: { far: 0.01 } })).rejects.toThrow(
      '12 pairs',
    );
    const far = await call('evaluations.at', { evaluation: result.id, at: { far: 0.1 } });
    expect(far.falseAccepts).toBeLessThanOrEqual(1);
  });

  it('is not measured twice, unless it is asked for again', { timeout: 240_000 }, async () => {
    const wish = { models: [model], benchmarks: [benchmark], resamples: 200, protocols: ['facex' as const] };
    const same = await bench.test.done(call('evaluations.start', wish));
    expect(same.summary).toMatchObject({ measured: 0, known: 1, embedded: 0 });
    const again = await bench.test.done(call('evaluations.start', { ...wish, again: true }));
    expect(again.summary).toMatchObject({ measured: 1, embedded: 0 });
    const all = await call('evaluations.list', { all: true });
    expect(all).toHaveLength(4);
    expect(await call('evaluations.list', {})).toHaveLength(3);
    const [last, first] = all.filter(({ protocol }) => protocol === 'facex');
    expect(last?.verification).toEqual(first?.verification);
  });

  it('is measured by models together: the mean of their cosines', { timeout: 240_000 }, async () => {
    const others = (await call('models.list', {})).filter(({ card }) => card.task === 'embedding');
    const [one, two] = others.map(({ card }) => card.id);
    if (one === undefined || two === undefined) throw new Error('two built-in models');
    await bench.test.done(
      call('evaluations.start', {
        ...{ models: [one, two], ensembles: [[two, one]], benchmarks: [benchmark] },
        ...{ protocols: ['facex'], resamples: 100 },
      }),
    );
    const list = (await call('evaluations.list', {})).filter(({ protocol }) => protocol === 'facex');
    const of = async (models: readonly string[]): Promise<FailedPair[]> =>
      scoresOf(list.find(({ subject }) => subject.models.join() === models.join()) ?? by('evolve'));
    const [first, second, both] = [await of([one]), await of([two]), await of([two, one])];
    for (const [i, { score }] of both.entries())
      expect(score).toBeCloseTo(((first[i]?.score ?? 9) + (second[i]?.score ?? 9)) / 2, 6);
  });

  it('passes over what cannot be measured, and fails where nothing could', { timeout: 240_000 }, async () => {
    const folder = await bench.folderOf('networks', { 'broken.onnx': new Uint8Array(10) });
    const wish = { benchmarks: [benchmark], files: [folder], protocols: ['facex' as const] };
    const job = await bench.test.done(call('evaluations.start', { ...wish, models: [model], again: true }));
    expect(job.summary).toMatchObject({ measured: 1, failed: 1 });
    expect(job.logTail.join('\n')).toContain(join(folder, 'broken.onnx'));
    const alone = await call('jobs.wait', { job: (await call('evaluations.start', wish)).id });
    expect([alone.state, alone.error?.code]).toEqual(['failed', 'model/no-card']);
    await expect(call('evaluations.start', { benchmarks: [benchmark] })).rejects.toThrow('No model');
    await expect(call('evaluations.start', { models: ['none'], benchmarks: [benchmark] })).rejects.toThrow(
      'none',
    );
  });

  it('leaves out pairs that are marked, which can be undone', { timeout: 240_000 }, async () => {
    const wish = { models: [model], benchmarks: [benchmark], resamples: 100, protocols: ['facex' as const] };
    await call('evaluations.mark', { benchmark, pairs: [0], marked: true });
    const newest = async (): Promise<EvaluationResult | undefined> =>
      (await call('evaluations.list', { all: true })).find(({ subject }) => subject.models.join() === model);
    expect((await newest())?.outdated).toBe(true);
    await bench.test.done(call('evaluations.start', wish));
    const result = await newest();
    expect([result?.pairs, result?.marked, result?.outdated]).toEqual([23, 1, false]);
    expect(result?.withAll).toBeGreaterThan(0.5);
    const marked = await call('evaluations.failures', {
      ...{ evaluation: result?.id ?? 0, at: { threshold: 0 }, kind: 'marked' },
    });
    expect(marked.items.map(({ pair, marked: is }) => [pair, is])).toEqual([[0, true]]);
    await call('journal.undo', {});
    expect((await newest())?.outdated).toBe(true);
    const again = await bench.test.done(call('evaluations.start', wish));
    expect(again.summary).toMatchObject({ measured: 0, known: 1 }); // it was measured without marks before
  });

  it('says what it shares with the training data, and can be measured without that', {
    timeout: 240_000,
  }, async () => {
    const [version] = await call('versions.list', {});
    const wish = {
      ...{ models: [model], benchmarks: [benchmark], resamples: 100, protocols: ['facex' as const] },
      trainedOn: version?.id ?? 0,
    };
    await bench.test.done(call('evaluations.start', wish));
    const [counted] = await call('evaluations.list', { all: true });
    expect(counted?.leak).toMatchObject({ version: { name: version?.name }, pairs: 24 });
    expect([counted?.pairs, counted?.leaked]).toEqual([24, 0]);
    const job = await call('evaluations.start', { ...wish, leaks: 'exclude' });
    const ended = await call('jobs.wait', { job: job.id });
    expect(ended.error?.code).toBe('evaluation/one-kind'); // all of it is in the version
  });

  it('is reported, in the data folder or where it is wanted', async () => {
    const page = await call('evaluations.report', { title: 'Cast & co' });
    expect(page.file).toMatch(/reports.evaluation-\d{8}-\d{6}\.html$/);
    expect(await readFile(page.file, 'utf8')).toBe(page.text);
    expect(page.text).toContain('<h1>Cast &amp; co</h1>');
    expect(page.text).toContain('<polyline');
    const path = join(bench.root, 'out', 'figures.csv');
    const { text } = await call('evaluations.report', { format: 'csv', evaluations: [by('facex').id], path });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(text.trim().split('\r\n')).toHaveLength(2);
  });

  it('is removed', async () => {
    const all = await call('evaluations.list', { all: true });
    await call('evaluations.remove', { evaluations: [all[0]?.id ?? 0] });
    expect(await call('evaluations.list', { all: true })).toHaveLength(all.length - 1);
    await expect(call('evaluations.get', { evaluation: all[0]?.id ?? 0 })).rejects.toThrow('no measurement');
  });
});
