import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../src/core/recipe/parse.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const readme = readFileSync(at('README.md'), 'utf8');

describe('the README', () => {
  it('gives recipes that can be trained', () => {
    const written = [...readme.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);
    const inline = [...readme.matchAll(/`(\{"data".*?\})`/g)].map(([, text = '']) => text);
    expect(written.length).toBeGreaterThan(0);
    expect(inline.length).toBeGreaterThan(0);
    for (const text of [...written, ...inline]) expect(parseRecipe(JSON.parse(text)).problems).toBeNull();
  });

  it('shows pictures and names places that are there', () => {
    const places = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    expect(places.length).toBeGreaterThan(5);
    expect(places.filter((path) => !existsSync(at(path)))).toEqual([]);
  });
});
