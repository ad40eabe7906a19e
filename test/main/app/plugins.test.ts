import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetail } from '../../../src/core/contract/runs.ts';
import { pluginKinds } from '../../../src/core/plugins/name.ts';
import type { RecipeInput } from '../../../src/core/recipe/recipe.ts';
import { listCheckpoints, readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import { haveModels, openTestApp, type TestApp } from '../../support/app.ts';
import { inFolder } from '../../support/folders.ts';
import { type Prepared, prepareVersion, tinyRecipe } from '../../support/trained.ts';

const agree = async ({ client }: TestApp, plugin: string) => {
  const { sha256 } = (await client.call('plugins.text', { plugin })).plugin;
  return await client.call('plugins.agree', { plugin, sha256 });
};

describe('agreement', () => {
  it('comes before anything of a plugin is run, and is for its very content', async () => {
    await inFolder(async (folder) => {
      const test = await openTestApp(folder);
      try {
        const { client } = test;
        const made = await client.call('plugins.new', { kind: 'head', name: 'mine' });
        expect(made).toMatchObject({ id: 'mine.head', state: 'new', title: null, problem: null });
        // a file that leaves a trace where it is run
        const trace = join(folder, 'trace');
        const text = `import { writeFileSync } from 'node:fs';
          writeFileSync(${JSON.stringify(trace)}, '');
          export const plugin = () => ({ title: 'Mine', build() {} });`;
        writeFileSync(made.path, text);
        const [listed] = (await client.call('plugins.list', {})).plugins;
        expect(listed).toMatchObject({ state: 'new', lines: 3 });
        expect(listed?.sha256).not.toBe(made.sha256);
        expect((await client.call('training.catalogue', {})).heads.map(({ family }) => family)).not.toContain(
          'Your own',
        );
        await expect(client.call('plugins.check', { plugin: 'mine' })).rejects.toMatchObject({
          code: 'plugin/not-agreed',
        });
        await expect(
          client.call('plugins.agree', { plugin: 'mine', sha256: made.sha256 }),
        ).rejects.toMatchObject({
          code: 'plugin/moved-on',
        });
        expect(existsSync(trace)).toBe(false);

        expect(await agree(test, 'plugin:mine')).toMatchObject({
          state: 'agreed',
          title: 'Mine',
          problem: null,
        });
        expect(existsSync(trace)).toBe(true);
        expect((await client.call('training.catalogue', {})).heads.at(-1)).toMatchObject({
          title: 'Mine',
          family: 'Your own',
        });

        writeFileSync(made.path, text.replace('Mine', 'Other'));
        expect((await client.call('plugins.list', {})).plugins[0]).toMatchObject({
          state: 'changed',
          title: null,
        });
        writeFileSync(made.path, text);
        expect((await client.call('plugins.list', {})).plugins[0]?.state).toBe('agreed');
        expect((await client.call('plugins.withdraw', { plugin: 'mine' })).state).toBe('new');
        await expect(client.call('plugins.new', { kind: 'head', name: 'mine' })).rejects.toMatchObject({
          code: 'plugin/exists',
        });
        await expect(client.call('plugins.text', { plugin: 'none' })).rejects.toThrow(/none.*mine\.head/);
      } finally {
        await test.close();
      }
    });
  }, 60_000);

  it('is told with what is wrong, and a check names the line', async () => {
    await inFolder(async (folder) => {
      const test = await openTestApp(folder);
      try {
        const { path } = await test.client.call('plugins.new', { kind: 'sampler', name: 'mine' });
        expect((await agree(test, 'mine')).title).toBe('Square roots');
        const { found } = await test.client.call('plugins.check', { plugin: 'mine' });
        expect(found.join()).toContain('It gives 96 pictures an epoch');
        writeFileSync(path, readFileSync(path, 'utf8').replace('yield pictures', 'yield piktures'));
        const broken = await agree(test, 'mine');
        expect(broken.problem).toBeNull();
        await expect(test.client.call('plugins.check', { plugin: 'mine' })).rejects.toThrow(
          /mine\.sampler\.ts, line \d+ does not work: piktures is not defined\./,
        );
        writeFileSync(path, 'export const plugin = 1;\n');
        expect((await agree(test, 'mine')).problem).toContain(
          'mine.sampler.ts, line 1 does not work: it exports no function',
        );
      } finally {
        await test.close();
      }
    });
  }, 60_000);
});

describe.skipIf(!haveModels)('a run with plugins', () => {
  let prepared: Prepared;
  let test: TestApp;
  let dataDir = '';
  const recipe = (epochs: number): RecipeInput => {
    const tiny = tinyRecipe(prepared.version.hash, epochs);
    return {
      ...tiny,
      network: { backbone: 'plugin:little', size: 32, embedding: 16, options: { width: 8 } },
      head: { kind: 'plugin:little', options: { scale: 16 } },
      data: {
        ...tiny.data,
        sampler: { kind: 'plugin', name: 'plugin:little' },
        augmentation: { plugin: 'plugin:little' },
      },
    };
  };
  const ended = async (run: number): Promise<RunDetail> => {
    for (;;) {
      const found = await test.client.call('runs.get', { run });
      if (!['queued', 'running'].includes(found.state)) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const last = async (run: RunDetail): Promise<ReadonlyMap<string, Float32Array>> => {
    const dir = join(run.folder, 'checkpoints');
    const file = (await listCheckpoints(dir)).at(-1)?.file ?? '';
    return (await readCheckpoint(join(dir, file))).state.tensors;
  };

  beforeAll(async () => {
    prepared = await prepareVersion();
    dataDir = join(prepared.root, 'plugins');
    cpSync(prepared.dataDir, dataDir, { recursive: true });
    test = await openTestApp(dataDir);
    for (const kind of pluginKinds) await test.client.call('plugins.new', { kind, name: 'little' });
  }, 300_000);
  afterAll(async () => {
    await test?.close();
    await prepared?.remove();
  });

  it('needs the agreement to each', async () => {
    const problem = async () => (await test.client.call('training.check', { recipe: recipe(2) })).problems[0];
    for (const [kind, path] of [
      ['backbone', 'network.backbone'],
      ['head', 'head.kind'],
      ['sampler', 'data.sampler.name'],
      ['augmentation', 'data.augmentation.plugin'],
    ] as const) {
      const found = await problem();
      expect(found?.path).toBe(path);
      expect(found?.message).toContain(`little.${kind}.ts is code that nobody has agreed to run`);
      await agree(test, `little.${kind}`);
    }
    expect(await problem()).toBeUndefined();
    const wrong = { ...recipe(2), head: { kind: 'plugin:little', options: { margin: 9, sharpness: 1 } } };
    expect((await test.client.call('training.check', { recipe: wrong })).problems).toEqual([
      { path: 'head.options.margin', message: 'must be a number from 0 to 1, not 9' },
      {
        path: 'head.options.sharpness',
        message: expect.stringContaining('is no setting of Raised others, which has scale, margin, raise'),
      },
    ]);
  }, 60_000);

  it('trains, goes on with the same bits, refuses to with a changed plugin, and is exported', async () => {
    const whole = await ended(
      (await test.client.call('runs.start', { recipe: recipe(4), name: 'whole' })).id,
    );
    expect(whole.error).toBeNull();
    expect(whole.state).toBe('done');
    expect(whole.recipe.network.backbone).toMatch(/^plugin:little@[0-9a-f]{12}$/);
    expect(whole.recipe.head.kind).toMatch(/^plugin:little@/);

    const paused = await test.client.call('runs.start', { recipe: recipe(4), name: 'paused' });
    while ((await test.client.call('runs.get', { run: paused.id })).step < 3)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await test.client.call('runs.pause', { run: paused.id });
    const stopped = await ended(paused.id);
    expect(stopped.state).toBe('paused');

    const path = join(dataDir, 'plugins', 'little.head.ts');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('raise: 0.05', 'raise: 0.06'));
    await agree(test, 'little.head');
    await test.client.call('runs.continue', { run: paused.id });
    const refused = await ended(paused.id);
    expect(refused.state).toBe('failed');
    expect(refused.error?.message).toContain(
      'The plugin little.head.ts was changed after this was made with it',
    );
    expect(refused.error?.hint).toContain('A copy of it as it was is kept');

    // out of the way, as the hint says: the run goes on with the copy
    renameSync(path, join(dataDir, 'plugins', 'newer.head.ts'));
    await test.client.call('runs.continue', { run: paused.id });
    const done = await ended(paused.id);
    expect(done.state).toBe('done');
    const [one, other] = [await last(whole), await last(done)];
    expect([...other.keys()]).toEqual([...one.keys()]);
    for (const [name, numbers] of one) expect([name, other.get(name)]).toEqual([name, numbers]);

    const out = join(prepared.root, 'own.onnx');
    const exported = await test.client.call('runs.export', {
      run: done.id,
      checkpoint: 'last',
      path: out,
      model: null,
    });
    expect(exported.parity).toBeLessThan(1e-4);
    await test.client.call('plugins.withdraw', { plugin: 'little.backbone' });
    await expect(
      test.client.call('runs.export', { run: done.id, checkpoint: 'last', path: out, model: null }),
    ).rejects.toMatchObject({ code: 'plugin/not-agreed' });
  }, 120_000);
});
