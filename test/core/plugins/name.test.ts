import { describe, expect, it } from 'vitest';
import { pluginFile, pluginNameOf, usedPlugins } from '../../../src/core/plugins/name.ts';
import { parseRecipe, storedRecipe } from '../../../src/core/recipe/parse.ts';
import { planOf } from '../../../src/core/recipe/plan.ts';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';

const version = 'abcd1234';
const hash = '0123456789ab';

describe('plugins of a recipe', () => {
  it('are named with or without the hash of their content', () => {
    expect(pluginNameOf('mine', `${hash}cdef`)).toBe(`plugin:mine@${hash}`);
    const recipe = recipeSchema.parse({
      data: {
        version,
        sampler: { kind: 'plugin', name: 'plugin:order' },
        augmentation: { plugin: `plugin:noise@${hash}` },
      },
      network: { backbone: `plugin:net@${hash}` },
    });
    expect(usedPlugins(recipe)).toEqual([
      { kind: 'backbone', name: 'net', hash },
      { kind: 'sampler', name: 'order', hash: undefined },
      { kind: 'augmentation', name: 'noise', hash },
    ]);
    expect(usedPlugins(recipeSchema.parse({ data: { version } }))).toEqual([]);
  });

  it.each([
    [{ network: { backbone: 'plugin:Net' } }, 'network.backbone'],
    [{ head: { kind: 'plugin:a@12' } }, 'head.kind'],
    [{ data: { version, sampler: { kind: 'plugin', name: 'order' } } }, 'data.sampler.name'],
    [{ data: { version, augmentation: { plugin: 'plugin:' } } }, 'data.augmentation.plugin'],
  ])('%j is refused at %s', (wrong, path) => {
    expect(parseRecipe({ data: { version }, ...wrong }).problems?.map((problem) => problem.path)).toEqual([
      path,
    ]);
  });

  it('that nobody brings along cannot be planned with, and are told', () => {
    const recipe = recipeSchema.parse({ data: { version }, network: { backbone: `plugin:net@${hash}` } });
    expect(parseRecipe(recipe).problems).toBeNull();
    expect(parseRecipe(recipe, { backbones: [], heads: [] }).problems).toEqual([
      { path: 'network.backbone', message: expect.stringContaining(`plugin:net@${hash}`) },
    ]);
    expect(() => planOf(recipe, 10)).toThrow(`plugin:net@${hash}`);
  });

  it('were a file’s path once: such a recipe is read, and says what to do before it is trained', () => {
    const old = { data: { version, sampler: { kind: 'module', file: '/home/ada/order.mjs' } } } as const;
    const stored = recipeSchema.parse(old);
    expect(storedRecipe(stored).data.sampler).toEqual(old.data.sampler);
    expect(stored.data.augmentation.plugin).toBeNull();
    const [problem] = parseRecipe(old).problems ?? [];
    expect(problem?.path).toBe('data.sampler');
    expect(problem?.message).toMatch(/plugins folder as NAME\.sampler\.js/);
  });

  it('are files whose names say what they are', () => {
    expect(pluginFile.exec('my-net.backbone.ts')?.slice(1)).toEqual(['my-net', 'backbone', 'ts']);
    for (const other of [
      'My.head.ts',
      'a.head.mjs',
      'a.ts',
      'lineament.d.ts',
      'a.head.ts.bak',
      '../a.head.ts',
    ])
      expect(pluginFile.test(other)).toBe(false);
  });
});
