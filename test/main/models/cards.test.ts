import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findModel, parseCard, readModels, verifyModel } from '../../../src/main/models/cards.ts';

let root = '';
let builtIn = '';
let imported = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-cards-'));
  builtIn = join(root, 'built-in');
  imported = join(root, 'imported');
  await mkdir(builtIn);
  await mkdir(imported);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const sha = (content: string): string => createHash('sha256').update(content).digest('hex');

async function put(dir: string, id: string, change: object = {}): Promise<void> {
  const content = `network ${id}`;
  const card = {
    id,
    name: id,
    sha256: sha(content),
    task: 'embedding',
    input: { width: 112, height: 112, colour: 'rgb', mean: [127.5], std: [128] },
    size: 512,
    threshold: 0.3,
    ...change,
  };
  await writeFile(join(dir, `${id}.json`), JSON.stringify(card));
  await writeFile(join(dir, `${id}.onnx`), content);
}

const manifest = (value: object): Promise<void> =>
  writeFile(join(builtIn, 'index.json'), JSON.stringify(value));

describe('readModels', () => {
  it('reads what the manifest lists and what was imported', async () => {
    await put(builtIn, 'one');
    await put(builtIn, 'unlisted');
    await manifest({ format: 1, defaults: { embedding: 'one' }, models: ['one'] });
    await put(imported, 'two');
    const { models, defaults, problems } = await readModels(builtIn, imported);
    expect(models.map(({ card, builtIn: own, bytes }) => [card.id, own, bytes])).toEqual([
      ['one', true, 11],
      ['two', false, 11],
    ]);
    expect(defaults).toEqual({ detector: null, embedding: 'one', landmarks: null, mesh: null });
    expect(problems).toEqual([]);
    expect(findModel({ models }, 'embedding', 'two').card.size).toBe(512);
    expect(() => findModel({ models }, 'embedding', 'three')).toThrow(/one, two|three/);
    expect(() => findModel({ models }, 'detector', 'one')).toThrow('detector');
  });

  it('has no models where there are no folders', async () => {
    expect((await readModels(join(root, 'a'), join(root, 'b'))).models).toEqual([]);
  });

  it('refuses two of one name', async () => {
    await put(builtIn, 'one');
    await manifest({ format: 1, defaults: {}, models: ['one'] });
    await put(imported, 'one');
    await expect(readModels(builtIn, imported)).rejects.toMatchObject({ code: 'model/duplicate' });
  });

  it('lists imported cards that cannot be used, and goes on', async () => {
    await put(imported, 'good');
    await put(imported, 'bad', { size: -1 });
    await put(imported, 'other-name', { id: 'x' });
    await put(imported, 'no-file');
    await rm(join(imported, 'no-file.onnx'));
    const { models, problems } = await readModels(builtIn, imported);
    expect(models.map(({ card }) => card.id)).toEqual(['good']);
    expect(problems.map(({ problem }) => problem.message)).toEqual([
      expect.stringContaining('size'),
      expect.stringContaining('no-file.onnx'),
      expect.stringContaining('id'),
    ]);
  });

  it('throws where a built-in card or the manifest is not valid', async () => {
    await put(builtIn, 'one', { size: 'many' });
    await manifest({ format: 1, defaults: {}, models: ['one'] });
    await expect(readModels(builtIn, imported)).rejects.toMatchObject({ code: 'model/bad-card' });
    await manifest({ format: 2, models: [] });
    await expect(readModels(builtIn, imported)).rejects.toMatchObject({ code: 'model/bad-manifest' });
  });
});

describe('cards', () => {
  it('must name files beside them', () => {
    const card = {
      id: 'd',
      name: 'd',
      sha256: sha(''),
      task: 'detector',
      layout: 'yunet',
      files: [{ file: '../elsewhere.onnx', sha256: sha('') }],
      input: { width: null, height: null, colour: 'bgr', mean: [0], std: [1] },
      scoreThreshold: 0.5,
      nmsThreshold: 0.5,
    };
    expect(() => parseCard(JSON.stringify(card), 'd.json')).toThrow('../elsewhere.onnx');
    expect(() => parseCard('{', 'd.json')).toThrow('JSON');
    const good = { ...card, files: [{ file: 'd.onnx', sha256: sha('') }] };
    expect(parseCard(JSON.stringify(good), 'd.json').id).toBe('d');
  });

  it('are checked against their files on demand', async () => {
    await put(imported, 'one');
    const { models } = await readModels(builtIn, imported);
    const [model] = models;
    if (!model) throw new Error('no model');
    await verifyModel(model);
    await writeFile(join(imported, 'one.onnx'), 'another network');
    await expect(verifyModel(model)).rejects.toMatchObject({
      code: 'model/changed',
      values: { expected: sha('network one'), actual: sha('another network') },
    });
  });
});
