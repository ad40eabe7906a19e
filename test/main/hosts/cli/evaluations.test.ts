import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, type } from './support.ts';

describe('measuring on the command line', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'lineament-cli-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('says how it is used where something is missing or unknown', { timeout: 60_000 }, async () => {
    const wrong = async (...words: string[]) => {
      const { code, err } = await type(['evaluate', ...words], dir);
      return [code, err.join('\n')];
    };
    expect(await wrong()).toEqual([2, expect.stringContaining('--benchmark is missing')]);
    expect(await wrong('--model', 'm', '--benchmark', 'None')).toEqual([
      ...[1, expect.stringContaining('benchmark/unknown')],
    ]);
    expect((await type(['evaluation', 'remove', 'x'], dir)).code).toBe(2);
    expect((await type(['evaluation', 'remove', '7'], dir)).err.join()).toContain('evaluation/unknown');
    expect((await type(['report', '--format', 'pdf'], dir)).code).toBe(2);
  });

  it('lists nothing where nothing was measured, and reports that', { timeout: 60_000 }, async () => {
    expect((await json(['evaluation', 'list'], dir)).value).toEqual([]);
    const out = join(dir, 'new', 'report.md');
    expect((await json(['report', '--out', out, '--title', 'None yet'], dir)).value).toEqual({ file: out });
    expect(readFileSync(out, 'utf8')).toMatch(/^# None yet\n[\s\S]*Nothing was measured\./);
  });
});
