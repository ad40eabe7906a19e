import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
