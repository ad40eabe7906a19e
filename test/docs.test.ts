import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defined } from '../src/core/base/assert.ts';
import { impossible } from '../src/core/recipe/impossible.ts';
import { parseRecipe } from '../src/core/recipe/parse.ts';
import { commands } from '../src/main/hosts/cli/commands/index.ts';
import { parse } from '../src/main/hosts/cli/parse.ts';

const page = readFileSync(new URL('../docs/fine-tuning.md', import.meta.url), 'utf8');
const recipes = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) =>
  parseRecipe(JSON.parse(text)),
);

describe('docs/fine-tuning.md', () => {
  it('gives two recipes that can be trained, of the same people and classes', () => {
    expect(recipes.map(({ problems }) => problems)).toEqual([null, null]);
    const [frozen, tuned] = recipes.map(({ recipe }) => recipe);
    expect(frozen?.fineTune.freeze).toEqual(['*', '!classes.*']);
    expect(tuned?.start).toMatchObject({ from: 'run', run: 'Frozen' });
    for (const key of ['data', 'network', 'head', 'seed'] as const)
      expect(tuned?.[key]).toEqual(frozen?.[key]);
  });

  it('names commands and options that there are', () => {
    const lines = [...page.matchAll(/^npx lineament (.*)$/gm)].map(([, text = '']) => text);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const [call = ''] = line.split(/\s+#/);
      expect(parse(call.trim().split(/\s+/), commands).command.name, line).not.toBe('');
    }
  });
});

describe('docs/distillation.md', () => {
  const text = readFileSync(new URL('../docs/distillation.md', import.meta.url), 'utf8');

  it('gives recipes that can be trained, with maps that the networks have', () => {
    const given = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) =>
      parseRecipe(JSON.parse(json)),
    );
    expect(given.map(({ problems }) => problems)).toEqual([null, null]);
    for (const { recipe } of given) expect(recipe && impossible(recipe)).toEqual([]);
  });

  it('names every part with its usual weight', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \|.*\| ([\d,]+) \|/gm)];
    const all = Object.fromEntries(
      rows.map(([, name = '', weight = '']) => [name, Number(weight.replace(',', ''))]),
    );
    const teacher = { from: 'run', run: 'Big' };
    const parts = Object.fromEntries(Object.keys(all).map((name) => [name, {}]));
    const { recipe } = parseRecipe({ data: { version: 'abcd' }, distillation: { teacher, ...parts } });
    const { teacher: _, ...lessons } = defined(recipe?.distillation, 'a teacher');
    const weights = Object.entries(lessons).map(([name, lesson]) => [name, lesson?.weight]);
    expect(all).toEqual(Object.fromEntries(weights));
  });
});
