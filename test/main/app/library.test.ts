import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eraseDataset, finishErasing } from '../../../src/main/app/erase.ts';
import { type Library, openLibrary, sha256 } from '../../../src/main/app/library.ts';
import { openUploads, type Uploads } from '../../../src/main/app/uploads.ts';
import { openStore, type Store } from '../../../src/main/store/database.ts';
import { findBlob, packEnd, vectorModels } from '../../../src/main/store/files.ts';
import { getValue, setValue } from '../../../src/main/store/settings.ts';
import { makeDataset, makeFace, makePhoto, tempDir } from '../store/support.ts';

let folder: ReturnType<typeof tempDir>;
let store: Store;
let library: Library;
let uploads: Uploads;

const bytes = (n: number, length = 64): Uint8Array => new Uint8Array(length).fill(n);
const pack = async (): Promise<Buffer> => await readFile(join(folder.dir, 'packs', 'crops-000000.pack'));
const open = async (): Promise<void> => {
  store = openStore(join(folder.dir, 'lineament.db'));
  library = await openLibrary(folder.dir, store);
  uploads = await openUploads(folder.dir);
};
const close = async (): Promise<void> => {
  await library.close();
  store.close();
};

beforeEach(async () => {
  folder = tempDir();
  await open();
});
afterEach(async () => {
  await close();
  folder.remove();
});

/** Crops of a dataset's faces, with embeddings of 2 numbers. */
async function dataset(name: string, contents: readonly number[]): Promise<number> {
  const batch = library.batch();
  const crops = await Promise.all(contents.map((n) => batch.add('crops', bytes(n))));
  const id = await batch.commit((writer) => {
    const made = makeDataset(writer, name);
    const photo = makePhoto(writer, made, 'a');
    for (const crop of crops) makeFace(writer, { photo, dataset: made, crop });
    return made;
  });
  await library.addVectors('m', 2, crops, Float32Array.from(contents.flatMap((n) => [n, n])));
  return id;
}

describe('a batch', () => {
  it('adds each content once, and counts once it is committed', async () => {
    const batch = library.batch();
    const hash = await batch.add('crops', bytes(1));
    expect(hash).toBe(sha256(bytes(1)));
    await batch.add('crops', bytes(1));
    await batch.add('crops', bytes(2));
    expect(await library.read('crops', hash)).toBeNull();
    await batch.commit(() => {});
    expect(await library.read('crops', hash)).toEqual(bytes(1));
    expect(packEnd(store, 'crops')).toEqual({ file: 0, offset: 128 });
    const second = library.batch();
    await second.add('crops', bytes(2));
    await second.commit(() => {});
    expect(packEnd(store, 'crops')?.offset).toBe(128);
  });

  it('leaves nothing in the database where its work throws', async () => {
    const batch = library.batch();
    const hash = await batch.add('crops', bytes(1));
    await expect(
      batch.commit(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(findBlob(store, 'crops', hash)).toBeNull();
    expect(packEnd(store, 'crops')).toBeNull();
  });

  it('is cut off where a crash left it uncommitted', async () => {
    await dataset('A', [1, 2]);
    await close();
    await appendFile(join(folder.dir, 'packs', 'crops-000000.pack'), 'half of something');
    await appendFile(join(folder.dir, 'vectors', 'm.f32'), 'half');
    await open();
    expect((await pack()).length).toBe(128);
    expect(Array.from(await (await library.vectors('m', 2)).read(0, 2))).toEqual([1, 1, 2, 2]);
    expect((await readFile(join(folder.dir, 'vectors', 'm.f32'))).length).toBe(16);
  });
});

describe('embeddings', () => {
  it('of another width than those that are kept are refused', async () => {
    await dataset('A', [1]);
    await close();
    await open();
    await expect(library.vectors('m', 3)).rejects.toMatchObject({ code: 'vectors/other-width' });
    await library.forgetVectors('m');
    expect(vectorModels(store)).toEqual([]);
    await library.addVectors('m', 3, ['c'], Float32Array.of(1, 2, 3));
    expect(Array.from(await (await library.vectors('m', 3)).read(0, 1))).toEqual([1, 2, 3]);
  });

  it('that come at the same time lie behind one another', async () => {
    await Promise.all([1, 2, 3].map((n) => library.addVectors('m', 1, [`${n}`], Float32Array.of(n))));
    expect(vectorModels(store)).toEqual([{ model: 'm', size: 1, rows: 3, modelHash: null }]);
    for (const n of [1, 2, 3]) {
      const { row } = store.get<{ row: number }>('SELECT row FROM embedding WHERE crop = ?', [`${n}`]) ?? {
        row: -1,
      };
      expect(Array.from(await (await library.vectors('m', 1)).read(row, 1))).toEqual([n]);
    }
  });
});

describe('erasing', () => {
  it('overwrites what only that dataset has, and nothing else', async () => {
    const first = await dataset('A', [1, 2, 3]);
    await dataset('B', [3, 4]);
    await eraseDataset({ store, library, uploads }, first);
    const content = await pack();
    expect([0, 64, 128, 192].map((at) => content[at])).toEqual([0, 0, 3, 4]);
    expect(content.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(await library.read('crops', sha256(bytes(3)))).toEqual(bytes(3));
    const vectors = Array.from(await (await library.vectors('m', 2)).read(0, 5));
    // The crop that both have was embedded twice here; the row that counts is the later one.
    expect(vectors).toEqual([0, 0, 0, 0, 0, 0, 3, 3, 4, 4]);
  });

  it('reaches what work that was broken off left between', async () => {
    const first = await dataset('A', [1]);
    const lost = library.batch();
    await lost.add('crops', bytes(9));
    await dataset('B', [2]);
    expect(await pack()).toContain(9);
    // Somebody may still commit it.
    await eraseDataset({ store, library, uploads }, first);
    expect(await pack()).toContain(9);
    await close();
    await open();
    await eraseDataset({ store, library, uploads }, 999);
    expect([...new Set(await pack())].toSorted()).toEqual([0, 2]);
  });

  it('is finished at the next start where it was broken off', async () => {
    const first = await dataset('A', [1, 2]);
    // What a crash right after the first step leaves.
    store.write((writer) => {
      setValue(writer, 'erasing', 'yes');
      writer.run('DELETE FROM dataset WHERE id = ?', [first]);
    });
    await close();
    await open();
    expect(await pack()).toContain(1);
    await finishErasing({ store, library, uploads });
    expect((await pack()).every((byte) => byte === 0)).toBe(true);
    expect(getValue(store, 'erasing')).toBe('');
    await finishErasing({ store, library, uploads });
  });
});

describe('uploads', () => {
  async function* body(text: string): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  const tree = async (dir: string): Promise<Record<string, string>> => {
    const { readdir } = await import('node:fs/promises');
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(
      await Promise.all(
        files.map(async (file) => [file.slice(dir.length + 1), await readFile(file, 'utf8')]),
      ),
    );
  };

  it('are gathered with their paths; two of one name both stay', async () => {
    const names = ['trip/a.jpg', 'trip/b/c.jpg', 'trip/a.jpg', 'trip/b', 'räksmörgås.jpg'];
    const ids = [];
    for (const [i, name] of names.entries()) ids.push(await uploads.receive(name, body(`${i}`)));
    const gathered = await uploads.gather(ids);
    const files = await tree(gathered);
    expect(Object.values(files).toSorted()).toEqual(['0', '1', '2', '3', '4']);
    expect(files['trip/a.jpg']).toBe('0');
    expect(files['trip/b/c.jpg']).toBe('1');
    expect(files['räksmörgås.jpg'.normalize('NFC')]).toBe('4');
    await expect(uploads.path(ids[0] ?? '')).rejects.toMatchObject({ code: 'upload/unknown' });
    await uploads.discard([gathered, '/etc/passwd', uploads.root]);
    expect(await tree(uploads.root)).toEqual({});
  });

  it('cannot lead out of their folder', async () => {
    for (const name of [
      '../../evil.jpg',
      '/etc/evil.jpg',
      'a/../../evil.jpg',
      '..',
      '',
      'C:\\evil.jpg',
      'x\0.jpg',
    ]) {
      const path = await uploads.path(await uploads.receive(name, body('x')));
      expect(path.startsWith(join(uploads.root, 'incoming')), name).toBe(true);
    }
    for (const id of ['', '..', '../..', 'f'.repeat(24), `${'f'.repeat(23)}/`]) {
      await expect(uploads.path(id)).rejects.toMatchObject({ code: 'upload/unknown' });
    }
  });

  it('that break off leave nothing, and what was never gathered goes at the next start', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(5);
      throw new Error('the browser went away');
    }
    await expect(uploads.receive('a.jpg', broken())).rejects.toThrow('the browser went away');
    expect(await tree(uploads.root)).toEqual({});
    const kept = await uploads.gather([await uploads.receive('zip.zip', body('z'))]);
    await uploads.receive('left.jpg', body('x'));
    await openUploads(folder.dir);
    expect(Object.values(await tree(uploads.root))).toEqual(['z']);
    expect(await readFile(kept, 'utf8')).toBe('z'); // an import that is continued still needs it
  });
});
