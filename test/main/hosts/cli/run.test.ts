import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../../src/main/hosts/cli/commands/index.ts';
import { haveModels } from '../../../support/app.ts';
import { testJpeg } from '../../../support/pictures.ts';
import { cast, portraits } from '../../../support/portraits.ts';
import { json as jsonIn, type Printed, type as typeIn } from './support.ts';

let root: string;
let data: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-cli-'));
  data = join(root, 'data');
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const type = (words: readonly string[], signal?: AbortSignal): Promise<Printed> =>
  typeIn(words, data, signal ? { signal } : {});
const json = (words: readonly string[]) => jsonIn(words, data);

describe('a command that is misused', () => {
  it('ends with 2, and says what is wrong', async () => {
    for (const words of [
      ['fly'],
      ['align'],
      ['dataset', 'import', 'x'],
      ['crop', '1'],
      ['crop', 'x', '--out', 'y'],
    ]) {
      const { code, out, err } = await type(words);
      expect(code, words.join(' ')).toBe(2);
      expect(out).toBe('');
      expect(err.join('\n')).toContain('--help');
    }
  });

  it('also as one JSON document', async () => {
    const { code, value } = await json(['fly']);
    expect([code, value]).toEqual([2, { error: { code: 'usage', message: 'there is no command “fly”' } }]);
  });

  it('shows help when asked, and when nothing is said', async () => {
    const all = await type(['--help']);
    expect(all.code).toBe(0);
    for (const { name } of commands) expect(all.out).toContain(name);
    expect((await type(['dataset', 'import', '--help'])).out).toContain('--name NAME');
    expect((await type([])).code).toBe(2);
  });
});

describe.skipIf(!haveModels)('commands on a data folder', () => {
  const ada = cast[0].name;
  let photographs: string;

  beforeAll(async () => {
    const source = await portraits(4);
    photographs = join(root, 'photographs');
    for (const { name } of cast.slice(0, 2)) {
      await mkdir(join(photographs, name), { recursive: true });
      for (const n of [1, 2])
        await writeFile(
          join(photographs, name, `${n}.jpg`),
          await readFile(join(source, name, `${name} ${n}.jpg`)),
        );
    }
    await writeFile(join(photographs, ada, 'cut off.jpg'), (await testJpeg(1)).slice(0, 200));
  }, 120_000);

  it('dataset import, list and show', async () => {
    const { code, value } = await json(['dataset', 'import', photographs, '--name', 'People']);
    expect(code).toBe(0);
    expect(value).toMatchObject({
      ...{ id: 1, name: 'People', photos: 4, problems: 1, identities: 2, pending: 4 },
      summary: { photos: 4, problems: 1 },
      problemList: [{ file: `${ada}/cut off.jpg`, code: 'image/truncated' }],
    });
    expect((await json(['dataset', 'list'])).value).toMatchObject([{ name: 'People', photos: 4 }]);
    expect((await type(['dataset', 'list'])).out).toMatch(/name .*photographs[\s\S]*People +4 +1 +4/);
    expect((await json(['dataset', 'show', 'People'])).value).toMatchObject({
      queue: { several: 0 },
      problemList: [{}],
    });
    const shown = await type(['dataset', 'show', 'People']);
    expect(shown.out).toContain('cut off.jpg');
  }, 60_000);

  it('align, faces and crop', async () => {
    const { code, value } = await json(['align', 'People', '--solver', 'evolve']);
    expect(code).toBe(0);
    expect(value).toMatchObject({ name: 'People', photos: 4, faces: 4, failed: 0, keptFaces: 4 });
    expect((await json(['align', 'People'])).value).toMatchObject({ photos: 4 }); // another solver: other crops
    const faces = (await json(['faces', 'People'])).value as { id: number; crop: string }[];
    expect(faces).toHaveLength(4);
    expect(faces[0]).toMatchObject({ file: `${ada}/1.jpg`, identity: ada, cropSize: 112, state: 'kept' });
    expect(faces[0]).toHaveProperty('points.9');
    expect((await json(['faces', 'People', '--state', 'rejected'])).value).toEqual([]);
    expect((await type(['faces', 'People', '--state', 'odd'])).code).toBe(2);
    const out = join(root, 'crop.png');
    expect((await json(['crop', `${faces[0]?.id}`, '--out', out])).value).toEqual({ file: out });
    expect(await sharp(out).metadata()).toMatchObject({ width: 112, height: 112, format: 'png' });
    expect((await json(['crop', '1', '--out', join(root, 'no', 'where.png')])).value).toMatchObject({
      error: { code: 'file/cannot-write' },
    });
  }, 60_000);

  it('embed, embeddings, search, verify and cluster', async () => {
    expect((await json(['embed', 'People'])).value).toMatchObject({ faces: 4 });
    const out = join(root, 'people.npy');
    const written = (await json(['embeddings', 'People', '--out', out])).value as {
      rows: number;
      size: number;
      ids: string;
    };
    expect(written).toMatchObject({ rows: 4, file: out, ids: join(root, 'people.json') });
    const bytes = await readFile(out);
    const length = bytes.readUInt16LE(8);
    expect(bytes.toString('latin1', 10, 10 + length)).toContain(`(4, ${written.size})`);
    expect(bytes.length).toBe(10 + length + 4 * 4 * written.size);
    const ids = JSON.parse(await readFile(written.ids, 'utf8')) as { faces: number[] };
    expect(ids.faces).toHaveLength(4);
    // Rows have length 1: they are embeddings, not something else of the same size.
    const row = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + 10 + length + 4 * written.size),
    );
    expect(Math.hypot(...row)).toBeCloseTo(1, 4);

    const image = join(photographs, ada, '1.jpg');
    const found = (await json(['search', 'People', '--image', image, '--top', '2'])).value as {
      queries: { hits: unknown[] }[];
    };
    expect(found.queries[0]?.hits).toMatchObject([{ file: `${ada}/1.jpg` }, { file: `${ada}/2.jpg` }]);
    expect((await type(['search', 'People', '--image', `${ids.faces[0]}`])).out).toContain('1.000');
    const verified = (await json(['verify', image, `${ids.faces[1]}`])).value as {
      similarity: number;
      threshold: number;
      same: boolean;
    };
    expect(verified.same).toBe(verified.similarity >= verified.threshold);
    const clusters = (await json(['cluster', 'People', '--threshold', '0.999'])).value as {
      groups: { faces: number[] }[];
    };
    expect(clusters.groups.flatMap((group) => group.faces).toSorted()).toEqual(ids.faces.toSorted());
    expect((await type(['cluster', 'People', '--threshold', '7'])).code).toBe(2);
  }, 60_000);

  it('doctor and models list', async () => {
    const doctor = (await json(['doctor'])).value as { checks: { name: string; state: string }[] };
    expect(doctor.checks.find(({ name }) => name === 'Database')?.state).toBe('good');
    const models = (await json(['models', 'list'])).value as { card: { task: string }; isDefault: boolean }[];
    const defaults = models.filter((model) => model.isDefault).map((model) => model.card.task);
    expect(defaults).toEqual(expect.arrayContaining(['detector', 'embedding']));
    expect((await type(['models', 'list'])).out).toContain('licence');
    const wrong = await json(['models', 'import', join(root, 'people.npy')]);
    expect(wrong.code).toBe(1);
    expect(wrong.value).toHaveProperty('error.code');
  }, 60_000);

  it('errors of the catalogue end with 1, with their code and what to do', async () => {
    const missing = await type(['align', 'Nobody']);
    expect(missing.code).toBe(1);
    expect(missing.err.join('\n')).toMatch(/Nobody[\s\S]*dataset\/unknown/);
    expect((await json(['dataset', 'import', join(root, 'no'), '--name', 'X'])).value).toMatchObject({
      error: { code: 'import/not-found' },
    });
    expect((await json(['search', 'People', '--image', '999'])).value).toMatchObject({
      error: { code: 'face/unknown' },
    });
    expect((await json(['align', 'People', '--detector', 'none'])).value).toMatchObject({
      error: { code: 'model/not-found' },
    });
    expect((await json(['crop', '77', '--out', join(root, 'c.png')])).value).toMatchObject({
      error: { code: 'face/unknown' },
    });
  }, 60_000);

  it('an interrupt pauses the job and ends with 1', async () => {
    const many = join(root, 'many');
    await mkdir(many);
    for (let i = 0; i < 60; i++) await writeFile(join(many, `${i}.jpg`), await testJpeg(i));
    const controller = new AbortController();
    controller.abort();
    const stopped = await type(['dataset', 'import', many, '--name', 'Many'], controller.signal);
    expect(stopped.code).toBe(1);
    expect(stopped.err.join('\n')).toContain('job/interrupted');
  }, 60_000);

  it('dataset import --aligned', async () => {
    const crops = join(root, 'crops');
    await mkdir(crops);
    for (const n of [1, 2]) await writeFile(join(crops, `${n}.jpg`), await testJpeg(n, 60, 60));
    await writeFile(join(crops, 'wide.jpg'), await testJpeg(3, 60, 50));
    const { out } = await type(['dataset', 'import', crops, '--name', 'Crops', '--aligned']);
    expect(out).toMatch(/Crops: 2 photographs, 2 faces[\s\S]*1 could not be used:\s+wide\.jpg: .*60 × 50/);
    expect((await json(['dataset', 'show', 'Crops'])).value).toMatchObject({ faces: 2, pending: 0 });
  }, 60_000);

  it('dataset list --removed, restore and erase', async () => {
    expect((await type(['dataset', 'list', '--removed'])).out).toBe('No dataset is removed.');
    await json(['dataset', 'remove', 'Crops']);
    const again = ['dataset', 'import', join(root, 'crops'), '--name', 'Crops', '--kind', 'flat'];
    await json([...again]);
    await json(['dataset', 'remove', 'Crops']);
    const removed = (await json(['dataset', 'list', '--removed'])).value as { id: number; name: string }[];
    expect(removed.map(({ name }) => name)).toEqual(['Crops', 'Crops']);
    const listed = (await json(['dataset', 'list'])).value as { name: string }[];
    expect(listed.map(({ name }) => name)).not.toContain('Crops');
    expect((await type(['dataset', 'list', '--removed'])).out).toMatch(
      new RegExp(`${removed[0]?.id} +Crops`),
    );
    const unclear = await type(['dataset', 'restore', 'Crops']);
    expect(unclear.code).toBe(2);
    expect(unclear.err.join('\n')).toContain(`--id: ${removed.map(({ id }) => id).join(', ')}`);
    const [newer, older] = removed;
    expect((await json(['dataset', 'erase', 'Crops', '--id', `${newer?.id}`])).value).toEqual({
      ...{ dataset: newer?.id, name: 'Crops', erased: true },
    });
    expect((await json(['dataset', 'restore', 'Crops'])).value).toEqual({
      dataset: older?.id,
      name: 'Crops',
    });
    expect((await json(['dataset', 'show', 'Crops'])).value).toMatchObject({ id: older?.id, faces: 2 });
    expect((await json(['dataset', 'erase', 'Crops'])).value).toMatchObject({
      error: { code: 'dataset/unknown' },
    });
  }, 60_000);

  it('dataset remove', async () => {
    expect((await json(['dataset', 'remove', 'People', '--erase'])).value).toEqual({
      dataset: 1,
      name: 'People',
      erased: true,
    });
    expect((await json(['dataset', 'show', 'People'])).value).toMatchObject({
      error: { code: 'dataset/unknown' },
    });
  }, 60_000);
});
