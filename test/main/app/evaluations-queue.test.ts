import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationResult } from '../../../src/core/contract/evaluations.ts';
import type { RunDetail } from '../../../src/core/contract/runs.ts';
import { modelsDir } from '../../../src/main/hosts/places.ts';
import { haveModels } from '../../support/app.ts';
import { likenesses } from '../../support/likenesses.ts';
import { toPng } from '../../support/pictures.ts';
import { tinyRecipe } from '../../support/trained.ts';
import { openBench } from './support.ts';

/** Checkpoints and files of networks that are measured one after the other. */
describe.skipIf(!haveModels)('a queue of networks', () => {
  const bench = openBench();
  const { call } = bench;
  let benchmark: number;
  let run: RunDetail;
  let folder: string;
  const all = (): Promise<readonly EvaluationResult[]> => call('evaluations.list', { all: true });
  const wishOf = () => ({
    benchmarks: [benchmark],
    protocols: ['facex' as const],
    resamples: 100,
    leaks: 'ignore' as const,
  });

  beforeAll(async () => {
    await call('settings.set', { threads: 1 });
    const drawn = likenesses(5, 900);
    const crops: Record<string, Uint8Array> = {};
    for (let who = 0; who < 5; who++)
      for (let n = 0; n < 4; n++) crops[`Somebody ${who}/${n}.png`] = await toPng(drawn(who, n));
    const paths = [await bench.folderOf('cast', crops)];
    const { dataset, job } = await call('datasets.import', { paths, name: 'Cast', aligned: true });
    await bench.test.done(job);
    const version = await call('versions.create', { datasets: [dataset] });
    benchmark = (await call('benchmarks.build', { version: version.id, pairs: 20, folds: 2 })).id;
    const recipe = tinyRecipe('Cast', 2, { validation: { pairs: 20, everyEpochs: 1 } });
    const started = await call('runs.start', { recipe, name: 'Tiny' });
    if (started.job !== null) await bench.test.done(started.job);
    run = await call('runs.get', { run: started.id });

    // One good network, one that is none, and one that nothing says anything of.
    folder = await bench.folderOf('networks', {
      'bad.onnx': Buffer.from('no network'),
      'bare.onnx': Buffer.from('no card either'),
    });
    const card = JSON.parse(await readFile(join(modelsDir, 'mobilefacenet-192.json'), 'utf8'));
    const { sha256: _, ...bad } = { ...card, id: 'bad', name: 'Bad' };
    await writeFile(join(folder, 'bad.json'), JSON.stringify(bad));
    for (const ending of ['json', 'onnx'])
      await cp(join(modelsDir, `mobilefacenet-192.${ending}`), join(folder, `good.${ending}`));
  }, 240_000);

  it('measures all checkpoints of a run, by their steps', { timeout: 120_000 }, async () => {
    const steps = run.checkpoints.map(({ step }) => step);
    expect(steps.length).toBeGreaterThan(1);
    const wish = { ...wishOf(), runs: [{ run: run.id, checkpoint: 'all' as const }] };
    const { summary } = await bench.test.done(call('evaluations.start', wish));
    expect(summary).toMatchObject({ measured: steps.length, known: 0, failed: 0 });
    const subjects = (await all()).map(({ subject }) => subject);
    expect(subjects.map((subject) => subject.run).toReversed()).toEqual(
      steps.map((step) => ({ run: run.id, name: 'Tiny', step })),
    );
    expect(new Set(subjects.map(({ hash }) => hash)).size).toBe(steps.length);
    const again = await bench.test.done(call('evaluations.start', wish));
    expect(again.summary).toMatchObject({ measured: 0, known: steps.length, embedded: 0 });
  });

  it('measures the good files of a folder, and tells of the others', { timeout: 120_000 }, async () => {
    const before = (await all()).length;
    const job = await bench.test.done(call('evaluations.start', { ...wishOf(), files: [folder] }));
    expect(job.summary).toMatchObject({ measured: 1, failed: 2 });
    const told = job.logTail.join('\n');
    for (const name of ['bad.onnx', 'bare.onnx']) expect(told).toContain(join(folder, name));
    expect(told).not.toContain('good.onnx');
    const [newest, ...others] = await all();
    expect(others).toHaveLength(before);
    expect(newest?.subject).toMatchObject({ models: ['mobilefacenet-192'], run: null });
    expect((await call('models.list', {})).map(({ card }) => card.id)).not.toContain('bad');
    // A file by itself; another copy of a known network is not imported.
    const alone = { ...wishOf(), files: [join(folder, 'good.onnx')] };
    const { summary } = await bench.test.done(call('evaluations.start', alone));
    expect(summary).toMatchObject({ measured: 0, known: 1, failed: 0 });
  });

  it('goes on where it was cancelled: nothing is measured twice, nothing lost', {
    timeout: 120_000,
  }, async () => {
    const before = new Set((await all()).map(({ id }) => id));
    const fresh = async (): Promise<EvaluationResult[]> => (await all()).filter(({ id }) => !before.has(id));
    const job = await call('evaluations.start', {
      ...{ benchmarks: [benchmark], resamples: 400, again: true, leaks: 'ignore' },
      ...{ models: ['mobilefacenet-192'], runs: [{ run: run.id, checkpoint: 'all' as const }] },
    });
    const wanted = 3 * (run.checkpoints.length + 1);
    while ((await fresh()).length === 0) await delay(2);
    await call('jobs.cancel', { job: job.id });
    expect((await call('jobs.wait', { job: job.id })).state).toBe('cancelled');
    const some = await fresh();
    expect(some.length).toBeLessThan(wanted);
    const { summary } = await bench.test.done(call('jobs.continue', { job: job.id }));
    expect(summary).toMatchObject({ measured: wanted - some.length, known: some.length, failed: 0 });
    const measured = await fresh();
    expect(measured).toHaveLength(wanted);
    expect(new Set(measured.map(({ subject, protocol }) => `${subject.hash} ${protocol}`)).size).toBe(wanted);
    expect(measured.slice(-some.length).map(({ id }) => id)).toEqual(some.map(({ id }) => id));
  });
});
