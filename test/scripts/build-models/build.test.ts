import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAll, type Outputs } from '../../../scripts/build-models/build.ts';
import { sha256 } from '../../../scripts/build-models/fetch.ts';
import { builtInModels, defaults } from '../../../scripts/build-models/models.ts';
import { modelCard } from '../../../src/core/contract/model-card.ts';

const cache = path.resolve(import.meta.dirname, '../../../node_modules/.cache/lineament-models');
const sources = builtInModels.map(({ source }) => `${source.package.replace('/', '+')}-${source.version}`);
const haveAll = sources.every((name) => existsSync(path.join(cache, name)));

describe.skipIf(!haveAll)('building every model from the cache', () => {
  let out = '';
  let outputs: Outputs = new Map();
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(out, name), 'utf8'));
  beforeAll(async () => {
    out = await mkdtemp(path.join(tmpdir(), 'lineament-test-'));
    outputs = await buildAll(out, cache, () => undefined);
  }, 30_000);
  afterAll(() => rm(out, { recursive: true, force: true }));

  it('lists what it wrote, and leaves nothing else behind', async () => {
    const names = (await readdir(out, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
    expect(names.filter((name) => name !== 'licences').sort()).toEqual([...outputs.keys()].sort());
    for (const [name, digest] of outputs) expect(sha256(await readFile(path.join(out, name)))).toBe(digest);
  });

  it('gives an index with models for every default', async () => {
    const models = builtInModels.map(({ id }) => id);
    expect(await json('index.json')).toEqual({ format: 1, defaults, models });
    const tasks = Object.entries(defaults).map(([role, id]) => [
      role,
      builtInModels.find((model) => model.id === id)?.card.task,
    ]);
    expect(tasks).toEqual([
      ['detector', 'detector'],
      ['embedding', 'embedding'],
      ['landmarks', 'landmarks'],
      ['mesh', 'landmarks'],
    ]);
  });

  it('gives the same bytes again', { timeout: 30_000 }, async () => {
    expect(await buildAll(out, cache, () => undefined)).toEqual(outputs);
  });

  it.each(builtInModels.map(({ id }) => id))('%s: card, files, licence and network agree', async (id) => {
    const card = modelCard.parse(await json(`${id}.json`));
    const files = card.task === 'detector' ? card.files : [{ file: `${id}.onnx`, sha256: card.sha256 }];
    for (const { file, sha256: digest } of files) {
      expect(outputs.get(file)).toBe(digest);
      const session = await InferenceSession.create(path.join(out, file), { intraOpNumThreads: 1 });
      const [input] = session.inputMetadata;
      const channels = card.input.colour === 'grey' ? 1 : 3;
      // MTCNN's three networks have a size each; the others take what their card says, and any batch.
      const sides = card.input.width === null ? expect.anything() : [card.input.height, card.input.width];
      expect(input?.isTensor ? [...input.shape.slice(0, 2), input.shape.slice(2)] : null).toEqual([
        'batch',
        channels,
        sides,
      ]);
      await session.release();
    }
    expect(card.licence).toMatch(/^(MIT|Apache-2\.0)$/);
    const [, name = ''] = /^npm:(.+)@/.exec(card.source) ?? [];
    const licence = await readFile(path.join(out, 'licences', `${name.replace('/', '+')}.txt`), 'utf8');
    expect(licence).toMatch(card.licence === 'MIT' ? /Permission is hereby granted/ : /Apache License/);
  });
});
