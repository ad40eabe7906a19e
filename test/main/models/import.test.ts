import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DetectorCard, EmbeddingCard } from '../../../src/core/contract/model-card.ts';
import { readModels } from '../../../src/main/models/cards.ts';
import { importModel, removeModel } from '../../../src/main/models/import.ts';
import { inspectModel } from '../../../src/main/models/inspect.ts';
import { builtInDir, hasBuiltIn, hasShared, sharedModels } from './places.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lineament-import-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const taken: string[] = [];

describe.skipIf(!hasShared)('inspectModel on the shared models', () => {
  it.each([
    ['yunet_n_dynamic.onnx', { task: 'detector', layout: 'yunet', input: { width: null, multipleOf: 32 } }],
    [
      'retinaface_mobile025.onnx',
      { task: 'detector', layout: 'retinaface', input: { width: 640, height: 640 } },
    ],
    ['pfld106_lite.onnx', { task: 'landmarks', points: 106, dimensions: 2, input: { width: 112 } }],
    ['mobilefacenet_128.onnx', { task: 'embedding', size: 128, input: { width: 112 } }],
  ])('knows %s from its shapes, under any name', async (name, wanted) => {
    const copy = join(dir, 'Some Model (1).onnx');
    await copyFile(join(sharedModels, name), copy);
    const inspection = await inspectModel(copy);
    expect(inspection.proposal).toMatchObject({ ...wanted, id: 'some-model-1' });
    expect(inspection.questions).toContain('input.colour');
  });

  it('imports each with the card that it proposes', async () => {
    const ids: string[] = [];
    for (const name of await readdir(sharedModels)) {
      const path = join(sharedModels, name);
      const { proposal } = await inspectModel(path);
      const model = await importModel(path, { card: proposal, importedDir: dir, taken });
      expect(model.bytes).toBeGreaterThan(100_000);
      ids.push(model.card.id);
    }
    const { models, problems } = await readModels(join(dir, 'none'), dir);
    expect(models.map(({ card }) => card.id).sort()).toEqual(ids.sort());
    expect(problems).toEqual([]);
    for (const model of models) await removeModel(model);
    expect(await readdir(dir)).toEqual([]);
  }, 60_000);

  it('reads a hand-written card beside the file, without a checksum', async () => {
    const source = await mkdtemp(join(dir, 'source-'));
    await copyFile(join(sharedModels, 'yunet_n_dynamic.onnx'), join(source, 'mine.onnx'));
    const card = {
      id: 'my-yunet',
      name: 'My YuNet',
      task: 'detector',
      layout: 'yunet',
      input: { width: null, height: null, multipleOf: 32, colour: 'bgr', mean: [0], std: [1] },
      scoreThreshold: 0.6,
      nmsThreshold: 0.3,
    };
    await writeFile(join(source, 'mine.json'), JSON.stringify(card));
    const importedDir = join(dir, 'models');
    const model = await importModel(join(source, 'mine.onnx'), { card: null, importedDir, taken });
    expect(model.card).toMatchObject({ id: 'my-yunet', files: [{ file: 'my-yunet.onnx' }] });
    expect((await readdir(importedDir)).sort()).toEqual(['my-yunet.json', 'my-yunet.onnx']);
  });

  it.each([
    ['an id that is taken', (card: DetectorCard) => ({ ...card, id: 'mtcnn' }), 'model/exists'],
    [
      'another file than the card’s',
      (card: DetectorCard) => ({ ...card, files: [{ file: 'a.onnx', sha256: '0'.repeat(64) }] }),
      'model/changed',
    ],
    ['another layout', (card: DetectorCard) => ({ ...card, layout: 'scrfd' as const }), 'model/trial-failed'],
    [
      'a threshold that makes faces of anything',
      (card: DetectorCard) => ({ ...card, scoreThreshold: 0, nmsThreshold: 1 }),
      'model/trial-failed',
    ],
  ] as const)('refuses %s and leaves nothing behind', async (_, change, code) => {
    const path = join(sharedModels, 'yunet_n_dynamic.onnx');
    const { proposal } = await inspectModel(path);
    if (proposal?.task !== 'detector') throw new Error('no detector');
    const importing = importModel(path, { card: change(proposal), importedDir: dir, taken: ['mtcnn'] });
    await expect(importing).rejects.toMatchObject({ code });
    expect(await readdir(dir)).toEqual([]);
  });

  it('refuses an embedding’s card for a detector, and a wrong size', async () => {
    const path = join(sharedModels, 'mobilefacenet_128.onnx');
    const { proposal } = await inspectModel(path);
    if (proposal?.task !== 'embedding') throw new Error('no embedding');
    const wrong: EmbeddingCard = { ...proposal, size: 512 };
    await expect(importModel(path, { card: wrong, importedDir: dir, taken })).rejects.toMatchObject({
      code: 'model/trial-failed',
      message: expect.stringContaining('512'),
    });
  });

  it('refuses a guessed card with which unlike crops look alike; whoever trained the network knows better', async () => {
    const path = join(sharedModels, 'mobilefacenet_128.onnx');
    const { proposal } = await inspectModel(path);
    if (proposal?.task !== 'embedding') throw new Error('no embedding');
    const grey: EmbeddingCard = { ...proposal, input: { ...proposal.input, std: [1e9] } };
    const options = { card: grey, importedDir: dir, taken };
    await expect(importModel(path, options)).rejects.toMatchObject({
      code: 'model/trial-failed',
      message: expect.stringContaining('unlike'),
    });
    expect((await importModel(path, { ...options, sure: true })).card).toEqual(grey);
  });
});

describe('importModel', () => {
  it('asks for a card where there is none', async () => {
    await writeFile(join(dir, 'x.onnx'), 'whatever');
    await expect(
      importModel(join(dir, 'x.onnx'), { card: null, importedDir: dir, taken }),
    ).rejects.toMatchObject({
      code: 'model/no-card',
      values: { card: join(dir, 'x.json') },
    });
  });

  it('names a file that is no network', async () => {
    await writeFile(join(dir, 'x.onnx'), 'whatever');
    await expect(inspectModel(join(dir, 'x.onnx'))).rejects.toMatchObject({ code: 'engine/model-damaged' });
  });
});

describe.skipIf(!hasBuiltIn)('models of several files', () => {
  it('are imported by their card', async () => {
    const importedDir = join(dir, 'models');
    const model = await importModel(join(builtInDir, 'mtcnn.json'), { card: null, importedDir, taken });
    expect(model.card.task).toBe('detector');
    expect((await readdir(importedDir)).sort()).toEqual([
      'mtcnn-o.onnx',
      'mtcnn-p.onnx',
      'mtcnn-r.onnx',
      'mtcnn.json',
    ]);
  });

  it('cannot be removed where they are built in', async () => {
    const { models } = await readModels(builtInDir, dir);
    const [model] = models;
    if (!model) throw new Error('no model');
    await expect(removeModel(model)).rejects.toMatchObject({ code: 'model/built-in' });
  });
});
