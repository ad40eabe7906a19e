import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../src/core/recipe/parse.ts';
import { commands } from '../src/main/hosts/cli/commands/index.ts';
import { globalOptions, parse } from '../src/main/hosts/cli/parse.ts';

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

  it('names commands and options that there are', () => {
    const lines = [...readme.matchAll(/^npx lineament (.*)$/gm)].map(([, text = '']) => text);
    expect(lines.length).toBeGreaterThan(20);
    const known = new Set(
      [globalOptions, ...commands.map(({ options }) => options ?? {})].flatMap((all) => Object.keys(all)),
    );
    for (const line of lines) {
      const [call = '', comment = ''] = line.split(/\s+#/);
      expect(parse(call.trim().split(/\s+/), commands).command.name, line).not.toBe('');
      const more = [...comment.matchAll(/--([a-z][a-z-]*)/g)].map(([, name = '']) => name);
      expect(more.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('begins with the two commands that set all up', () => {
    const [first = ''] = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, text = '']) => text);
    expect(first.match(/^npm \w+/gm)).toEqual(['npm start', 'npm test']);
    const { scripts } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { scripts: object };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
  });

  it('shows pictures and names places that are there', () => {
    const places = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    expect(places.length).toBeGreaterThan(5);
    expect(places.filter((path) => !existsSync(at(path)))).toEqual([]);
  });
});
