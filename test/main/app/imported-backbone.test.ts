import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNormalised } from '../../../src/core/compile/1-build.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import type { RunDetail } from '../../../src/core/contract/runs.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import type { RecipeInput } from '../../../src/core/recipe/recipe.ts';
import { sha256Of } from '../../../src/main/models/files.ts';
import { checkpointName, readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';
import { randomTrained } from '../../support/reference/trained.ts';
import { type Prepared, prepareVersion, tinyRecipe } from '../../support/trained.ts';

/** A small network, as somebody might bring it: 28 pixels to 8 numbers, its colours in its own way. */
const plan = { ...tinyPlan, size: 32 };

let prepared: Prepared;
let test: TestApp;

describe.skipIf(!haveModels)('a model that training goes on from', () => {
  let name = '';
  let dataDir = '';
  const recipe = (network: RecipeInput['network']): RecipeInput =>
    tinyRecipe(prepared.version.hash, 2, { network });
  const mine = (): RecipeInput['network'] => ({
    ...{ backbone: 'onnx:small', size: 32, embedding: 8 },
    pixels: { mean: 127.5, deviation: 127.5, order: 'bgr' },
  });
  const ended = async (run: number): Promise<RunDetail> => {
    for (;;) {
      const found = await test.client.call('runs.get', { run });
      if (found.state !== 'queued' && found.state !== 'running') return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  beforeAll(async () => {
    prepared = await prepareVersion();
    dataDir = join(prepared.root, 'imported');
    cpSync(prepared.dataDir, dataDir, { recursive: true });
    const path = join(prepared.root, 'small.onnx');
    const trained = randomTrained(buildNormalised(plan, 2).net);
    writeFileSync(path, writeOnnx(compileExport(plan, trained, { recipe: '', version: '' })));
    const sha256 = await sha256Of(path);
    name = `onnx:small@${sha256.slice(0, 12)}`;
    test = await openTestApp(dataDir);
    const input = {
      width: 32,
      height: 32,
      colour: 'bgr',
      scale: 1,
      mean: [100, 110, 120],
      std: [60, 60, 70],
    };
    const card = { id: 'small', name: 'Small', sha256, task: 'embedding', input, size: 8, threshold: 0.3 };
    await test.client.call('models.import', { path, card: JSON.parse(JSON.stringify(card)) });
  }, 300_000);
  afterAll(async () => {
    await test?.close();
    await prepared?.remove();
  });

  it('is listed among the networks, with what leaves no choice', async () => {
    const { backbones } = await test.client.call('training.catalogue', {});
    expect(backbones.find((one) => one.name === name)).toMatchObject({
      ...{ title: 'Small', family: 'Imported', input: 32, embedding: 8 },
      fixed: { size: 32, embedding: 8, pixels: { mean: 127.5, deviation: 127.5, order: 'bgr' } },
    });
  }, 120_000);

  it('is told what does not go with it, and that it is not there', async () => {
    const check = async (network: RecipeInput['network']) =>
      (await test.client.call('training.check', { recipe: recipe(network) })).problems;
    expect(await check({ backbone: 'onnx:small', size: 48, embedding: 16 })).toEqual([
      { path: 'network.size', message: 'must be 32 for Small, not 48' },
      { path: 'network.embedding', message: 'must be 8 for Small, not 16' },
      { path: 'network.pixels', message: 'must be mean 127.5, deviation 127.5 and order bgr for Small' },
    ]);
    const [missing] = await check({ backbone: 'onnx:none', size: 32, embedding: 8 });
    expect(missing?.path).toBe('network.backbone');
    expect(missing?.message).toMatch(/onnx:none.*small/);
    expect(await check(mine())).toEqual([]);
  });

  it('keeps, wholly frozen, what it verifies and every bit of it; another run goes on with its classes', async () => {
    const start = async (title: string, epochs: number, more: Partial<RecipeInput>): Promise<RunDetail> => {
      const how = { ...tinyRecipe(prepared.version.hash, epochs, { network: mine() }), ...more };
      const run = await test.client.call('runs.start', { recipe: how, name: title });
      const found = await ended(run.id);
      expect(found.error).toBeNull();
      return found;
    };
    const evaluations = async ({ id }: RunDetail) =>
      (await test.client.call('runs.evaluations', { run: id })).map(({ step, ...found }) => found);
    const tensorsOf = async ({ folder, checkpoints }: RunDetail, which: number) => {
      const path = join(folder, 'checkpoints', checkpointName(checkpoints[which]?.step ?? 0));
      return (await readCheckpoint(path)).state.tensors;
    };
    const frozen = await start('frozen', 8, { fineTune: { freeze: ['*', '!classes.*'] } });
    const seen = await evaluations(frozen);
    expect(seen.length).toBe(3);
    for (const one of seen) expect(one).toEqual(seen[0]);
    expect(frozen.checkpoints.length).toBeGreaterThan(1);
    const before = await tensorsOf(frozen, 0);
    const after = await tensorsOf(frozen, frozen.checkpoints.length - 1);
    const network = [...before.keys()].filter((key) => !key.startsWith('classes'));
    expect(network.length).toBeGreaterThan(5);
    for (const key of network) expect(after.get(key), key).toEqual(before.get(key));
    expect(after.get('classes.weight')).not.toEqual(before.get('classes.weight'));

    const from = { from: 'run', run: 'frozen', checkpoint: 'last' } as const;
    const tuned = await start('tuned', 4, { start: from, schedule: { rate: 0.02 } });
    const [first, second] = await evaluations(tuned);
    expect(first).toEqual(seen[0]);
    expect(second?.threshold).not.toBe(first?.threshold);
  }, 120_000);

  it('trains, also after the model was removed, and is exported', async () => {
    const started = await test.client.call('runs.start', { recipe: recipe(mine()), name: null });
    expect(started.name).toMatch(/^small ArcFace, /);
    const run = await ended(started.id);
    expect(run.error).toBeNull();
    expect(run.state).toBe('done');
    expect(run.recipe.network.backbone).toBe(name);
    expect(readdirSync(join(dataDir, 'backbones')).sort()).toEqual(
      [`${name.slice(5)}.json`, `${name.slice(5)}.onnx`].sort(),
    );
    await test.client.call('models.remove', { model: 'small' });
    await test.close();
    test = await openTestApp(dataDir);
    const again = await test.client.call('runs.fork', {
      run: run.id,
      step: null,
      recipe: null,
      name: 'again',
    });
    expect((await ended(again.id)).state).toBe('done');
    const path = join(prepared.root, 'trained.onnx');
    const exported = await test.client.call('runs.export', {
      run: again.id,
      checkpoint: 'last',
      path,
      model: null,
    });
    expect(existsSync(path)).toBe(true);
    expect(exported.parity).toBeLessThan(1e-4);
  }, 120_000);
});
