import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../scripts/build-models/fetch.ts';
import { converterHash, isUpToDate, writeStamp } from '../../../scripts/build-models/stamp.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lineament-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, content: string): Promise<void> => writeFile(path.join(folder, name), content);
const made = (name: string, content: string): Map<string, string> =>
  new Map([[name, sha256(Buffer.from(content))]]);

describe('the stamp', () => {
  it('holds exactly as long as converter and outputs are the same', async () => {
    expect(await isUpToDate(folder, 'one')).toBe(false);
    await write('model.onnx', 'bytes');
    await writeStamp(folder, 'one', made('model.onnx', 'bytes'));
    expect(await isUpToDate(folder, 'one')).toBe(true);
    expect(await isUpToDate(folder, 'two')).toBe(false);
    await write('model.onnx', 'other');
    expect(await isUpToDate(folder, 'one')).toBe(false);
    await rm(path.join(folder, 'model.onnx'));
    expect(await isUpToDate(folder, 'one')).toBe(false);
    await write('stamp.json', '{');
    expect(await isUpToDate(folder, 'one')).toBe(false);
  });

  it('removes what the build before made and this one did not, and nothing else', async () => {
    await write('old.onnx', 'bytes');
    await write('foreign.onnx', 'bytes');
    await writeStamp(folder, 'one', made('old.onnx', 'bytes'));
    await write('new.onnx', 'bytes');
    await writeStamp(folder, 'two', made('new.onnx', 'bytes'));
    expect((await readdir(folder)).sort()).toEqual(['foreign.onnx', 'new.onnx', 'stamp.json']);
  });
});

describe('converterHash', () => {
  it('changes with the content and the names of sources, and with nothing else', async () => {
    await write('a.ts', 'one');
    const first = await converterHash([folder]);
    await write('notes.md', 'not a source');
    expect(await converterHash([folder])).toBe(first);
    await write('a.ts', 'two');
    const second = await converterHash([folder]);
    await write('b.ts', '');
    const third = await converterHash([folder]);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await converterHash([path.join(folder, 'a.ts')])).not.toBe(await converterHash([folder]));
  });
});
