import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../../src/core/contract/sample.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';

const size = {
  ...{ identities: 2, picturesEach: 2, groups: 1 },
  ...{ cropIdentities: 5, cropsEach: 3, steps: 2, side: 32 },
};

/** The whole journey, so small that it takes seconds: what comes of it is checked for being whole, not for being good. */
describe.skipIf(!haveModels)('the sample project', () => {
  let root: string;
  let app: TestApp;
  const start = (): Promise<Sample> => app.client.call('sample.start', { seed: 5, size });
  const step = (sample: Sample, name: string) => sample.steps.find((one) => one.name === name);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lineament-sample-'));
    app = await openTestApp(join(root, 'data'));
    await app.client.call('settings.set', { threads: 1 });
  });
  afterAll(async () => {
    await app?.close();
    await rm(root, { recursive: true, force: true });
  });

  it('is stopped, goes on after a restart, and does everything', { timeout: 600_000 }, async () => {
    expect(await app.client.call('sample.get', {})).toMatchObject({ state: 'none', run: null });
    const told: string[] = [];
    const imported = new Promise<void>((resolve) => {
      app.client.on('sample.changed', (sample) => {
        told.push(sample.state);
        if (step(sample, 'import')?.state === 'done') resolve();
      });
    });
    expect(await start()).toMatchObject({ state: 'running', seed: 5 });
    await imported;
    await app.client.call('sample.stop', {});
    const stopped = await app.client.call('sample.get', {});
    expect(stopped).toMatchObject({ state: 'stopped', error: null });
    expect(step(stopped, 'search')).toMatchObject({ state: 'waiting', place: null });
    expect(told).toContain('stopped');

    await app.close();
    app = await openTestApp(join(root, 'data'));
    expect(await app.client.call('sample.get', {})).toMatchObject({ state: 'stopped', photographs: 1 });
    // another seed does not count: what is there goes on
    await app.client.call('sample.start', { seed: 6 });
    const done = await app.client.call('sample.wait', {});
    expect([done.state, done.error, done.seed]).toEqual(['done', null, 5]);
    expect(done.steps.map(({ state }) => state)).toEqual(done.steps.map(() => 'done'));
    const { made, faces, clusters, training, verification, searches } = done.findings;
    expect(made).toEqual({ photographs: 5, identities: 2, crops: 15, cropIdentities: 5 });
    expect(faces?.true).toBe(6);
    expect(faces?.found).toBeGreaterThanOrEqual(5);
    expect(faces?.pointError).toBeLessThan(0.15);
    expect(clusters?.identities).toBe(2);
    expect(training).toMatchObject({ images: 9, identities: 3, heldOut: 2, steps: 2, size: 32 });
    expect(verification?.pairs).toBe(12);
    expect(verification?.after.roc.at(-1)).toEqual([1, 1]);
    expect(verification?.lookAlikes).toMatchObject({ pairs: 24, identities: 4 });
    expect(searches).toHaveLength(2);
    expect(existsSync(join(root, 'data', 'sample', 'truth.json'))).toBe(true);
  });

  it('evaluates by the same pairs as its run', async () => {
    const { run, findings } = await app.client.call('sample.get', {});
    const evaluations = await app.client.call('runs.evaluations', { run: run ?? 0 });
    expect(evaluations.map(({ step }) => step)).toContain(2);
    const held = evaluations.filter(({ set }) => set === 'held-out');
    expect(findings.verification?.pairs).toBe(held.at(-1)?.pairs);
    expect(findings.verification?.before.accuracy).toBe(held[0]?.accuracy);
    const alike = evaluations.filter(({ set }) => set !== 'held-out');
    expect(findings.verification?.lookAlikes?.before).toBe(alike[0]?.accuracy);
    expect(findings.verification?.lookAlikes?.after).toBe(alike.at(-1)?.accuracy);
  });

  it('measures its network on a benchmark of people whom nobody was trained on', async () => {
    const [benchmark, ...others] = await app.client.call('benchmarks.list', {});
    expect(others).toEqual([]);
    expect(benchmark).toMatchObject({
      people: 4,
      pairs: 12,
      samePairs: 6,
      folds: 2,
      problems: 0,
    });
    const results = await app.client.call('evaluations.list', {});
    expect(results.map(({ protocol }) => protocol).sort()).toEqual(['evolve', 'facex', 'standard']);
    const { steps } = await app.client.call('sample.get', {});
    const { place } = steps.find(({ name }) => name === 'evaluate') ?? {};
    expect(place).toEqual({ view: 'evaluate', params: { benchmark: String(benchmark?.id) } });
    const known = (await app.client.call('models.list', {})).map(({ card }) => card.id);
    for (const { subject, benchmark: on, verification, pairs } of results) {
      expect([on.id, pairs, subject.models.length]).toEqual([benchmark?.id, 12, 1]);
      expect(known).toContain(subject.models[0]);
      expect(verification?.folds.map((fold) => fold.pairs)).toEqual([6, 6]);
    }
  });

  it('reuses what is there when it is started again', async () => {
    const before = await app.client.call('sample.get', {});
    expect(await start()).toEqual(before);
    expect(await app.client.call('sample.wait', {})).toEqual(before);
    expect(await app.client.call('runs.list', {})).toHaveLength(1);
    expect(await app.client.call('datasets.list', {})).toHaveLength(3);
    expect(await app.client.call('benchmarks.list', {})).toHaveLength(1);
  });

  it('writes a report with its pictures in it', async () => {
    const { html } = await app.client.call('sample.report', {});
    expect(html.match(/src="data:image\/png;base64,/g)?.length).toBeGreaterThan(3);
    expect(html).toContain('Nobody in this report exists');
    expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
  });
});
