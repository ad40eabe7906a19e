import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  Cancelled,
  catalogue,
  type ErrorCode,
  error,
  hasCode,
  LineamentError,
  toErrorInfo,
} from '../../../src/core/base/errors.ts';

const codes = Object.keys(catalogue) as ErrorCode[];
const root = new URL('../../../', import.meta.url).pathname;

const placeholders = (template: string): string[] =>
  [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');

/** Every source file below a folder, as text. */
function sources(folder: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|svelte)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(root.length), text: readFileSync(path, 'utf8') }));
}

/** The text of a call's arguments, from behind the opening bracket. */
function argumentsFrom(text: string, start: number): string {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return text.slice(start, at);
  }
  return text.slice(start);
}

describe('the catalogue of errors', () => {
  it('is in alphabetical order', () => {
    expect(codes).toEqual(codes.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('has messages and hints that are sentences, with well-formed places for values', () => {
    for (const code of codes) {
      const { message, hint } = catalogue[code];
      expect(code).toMatch(/^[a-z]+\/[a-z-]+$/);
      for (const text of [message, hint]) {
        expect(text.length, code).toBeGreaterThan(10);
        expect(text.replace(/\{\w+\}/g, 'x'), code).not.toMatch(/[{}]|\s{2}|^\s|\s$/);
        expect(text, code).toMatch(/[.}]$/);
      }
      expect(placeholders(hint), `the hint of ${code} is shown as it is`).toEqual([]);
    }
  });

  it('is given the values that its messages have places for, wherever an error is made', () => {
    const gaps: string[] = [];
    const made = new Set<string>();
    for (const { path, text } of [...sources('src'), ...sources('scripts')]) {
      for (const match of text.matchAll(/\berror\(\s*'([a-z]+\/[a-z-]+)'/g)) {
        const code = codes.find((known) => known === match[1]);
        if (code === undefined) continue; // the compiler sees to that
        made.add(code);
        const rest = argumentsFrom(text, match.index + match[0].length);
        if (rest.includes('...') || /^,\s*[a-z]\w*\s*[,)]?$/i.test(rest.trim())) continue; // built elsewhere
        for (const name of placeholders(catalogue[code].message)) {
          if (!new RegExp(`\\b${name}\\b`).test(rest)) gaps.push(`${path}: ${code} without ${name}`);
        }
      }
    }
    expect(gaps).toEqual([]);
    expect(made.size).toBeGreaterThan(50);
  });
});

describe('errors', () => {
  it('fill in their values and keep them', () => {
    const made = error('person/name-taken', { name: 'Ada {name}' });
    expect(made.message).toBe('There is a person named Ada {name} already.');
    expect(made.info).toEqual({
      code: 'person/name-taken',
      message: made.message,
      hint: catalogue['person/name-taken'].hint,
      values: { name: 'Ada {name}' },
    });
    expect(hasCode(made, 'person/name-taken')).toBe(true);
    expect(hasCode(made, 'person/unknown')).toBe(false);
    expect(hasCode(new Error('person/name-taken'), 'person/name-taken')).toBe(false);
  });

  it('leave a place as it is that has no value, and take numbers', () => {
    expect(error('face/unknown').message).toBe('There is no face {face}.');
    expect(error('face/unknown', { face: 0 }).message).toBe('There is no face 0.');
  });

  it('keep their cause to themselves', () => {
    const cause = new Error('EIO');
    const made = error('photo/unknown', { photo: 1 }, cause);
    expect(made.cause).toBe(cause);
    expect(JSON.stringify(made.info)).not.toContain('EIO');
  });

  it('come from anything that is thrown', () => {
    const made = error('job/unknown', { job: 3 });
    expect(toErrorInfo(made)).toEqual(made.info);
    expect(toErrorInfo(new TypeError('no'))).toMatchObject({
      code: 'app/internal',
      values: { detail: 'no' },
    });
    expect(toErrorInfo('text')).toMatchObject({ values: { detail: 'text' } });
    expect(toErrorInfo(undefined)).toMatchObject({ values: { detail: 'undefined' } });
    const again = new LineamentError(made.info);
    expect(again.info).toEqual(made.info);
    expect(new Cancelled()).not.toBeInstanceOf(LineamentError);
  });
});
