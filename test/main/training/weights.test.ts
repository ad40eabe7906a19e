import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { mobilefacenet } from '../../../src/core/backbones/mobilefacenet.ts';
import { defined } from '../../../src/core/base/assert.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { type WantedNetwork, wantedOf } from '../../../src/core/weights/match.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { fitWeights, readNetwork, readWeights, writeWeights } from '../../../src/main/training/weights.ts';
import { uniform } from '../../support/reference/formula.ts';

const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('../../fixtures/make_torch_checkpoints.py', import.meta.url));
const torch = spawnSync(python, ['-c', 'import torch, numpy']).status === 0;
const run = async (args: readonly string[]): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(python, [script, ...args], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-weights-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Embeddings [2, d] of the pictures that the script has, too. */
async function embeddings(
  network: WantedNetwork,
  tensors: ReadonlyMap<string, Float32Array>,
): Promise<Float32Array> {
  const { size } = network;
  const pixels = { mean: 127.5, deviation: 127.5, order: 'rgb' } as const;
  const bytes = writeOnnx(compileExport({ ...network, pixels }, tensors, { recipe: '{}', version: '' }));
  const session = await openSession({ name: 'it', bytes }, { threads: 1 });
  try {
    const data = Float32Array.from(uniform('pictures', 2 * 3 * size * size));
    const { embedding } = await session.run({ input: { shape: [2, 3, size, size], data } });
    return defined(embedding, 'the embedding').data as Float32Array;
  } finally {
    await session.close();
  }
}

function expectSame(got: Float32Array, wanted: readonly number[]): void {
  const largest = Math.max(...wanted.map(Math.abs));
  const difference = Math.max(...wanted.map((value, i) => Math.abs(value - (got[i] ?? Number.NaN))));
  expect(got.length).toBe(wanted.length);
  expect(largest).toBeGreaterThan(0.01);
  expect(difference / largest).toBeLessThan(2e-4);
}

const cases = [
  { name: 'mobilefacenet', size: 48, read: ['facex'], layout: 'evolve', prefix: 'module.backbone.' },
  { name: 'ir-se-18', size: 32, read: ['legacy'], layout: 'facex', prefix: '' },
  // large: what is written of it has the same names, and is not computed once more
  { name: 'resnet-50', size: 32, read: ['half'], layout: null, prefix: '' },
] as const;

describe.skipIf(!torch).each(cases)('$name', ({ name, size, read, layout, prefix }) => {
  const backbone = backbones.find((one) => one.name === name);
  it.skipIf(backbone === undefined)(
    'computes in Lineament what it computes in PyTorch, from its file and back',
    async () => {
      const path = join(root, `${name}.pth`);
      const wanted = (await run([name, String(size), path, ...read])) as number[][];
      const { tensors, report, network } = await readNetwork(path, { backbone: name, size: null });
      const heads = prefix === '' ? [] : ['module.head.weight'];
      expect(report).toMatchObject({
        backbone: name,
        prefix,
        size,
        missing: [],
        otherShape: [],
        unused: heads,
      });
      expect(report.counters).toBeGreaterThan(10);
      expectSame(await embeddings(network, tensors), wanted.flat());
      if (layout === null) return;
      const back = join(root, `${name}-back.pth`);
      await writeWeights(back, layout, { network, tensors, step: 5999, epoch: 3 });
      const checked = await run(['check', name, String(size), back, layout]);
      expect(checked).toMatchObject({ tracked: [5999] });
      const { embeddings: again } = checked as { embeddings: number[][] };
      expect(
        Math.max(...again.flat().map((value, i) => Math.abs(value - (wanted.flat()[i] ?? Number.NaN)))),
      ).toBeLessThan(1e-5);
    },
    120_000,
  );
});

const bytesOf = (numbers: Float32Array | undefined): Buffer =>
  Buffer.from(numbers?.buffer ?? new ArrayBuffer(0));

describe('weights', () => {
  const network: WantedNetwork = {
    ...{ backbone: mobilefacenet, size: 32 },
    settings: { ...mobilefacenet.defaults, embedding: 16 },
  };
  const made = (): Map<string, Float32Array> =>
    new Map(
      wantedOf(network).map(({ name, shape }) => [
        name,
        Float32Array.from(
          uniform(
            name,
            shape.reduce((a, b) => a * b, 1),
          ),
        ),
      ]),
    );

  it.each(['evolve', 'facex', 'lineament'] as const)(
    'in the layout %s come back bit for bit',
    async (layout) => {
      const path = join(root, `${layout}.pth`);
      const tensors = made();
      const written = await writeWeights(path, layout, { network, tensors, step: 12, epoch: 2 });
      const { report, tensors: read } = await readWeights(path, network);
      expect([...read.keys()].sort()).toEqual([...tensors.keys()].sort());
      const other = [...read].filter(
        ([name, numbers]) => !Buffer.from(numbers.buffer).equals(bytesOf(tensors.get(name))),
      );
      expect(other.map(([name]) => name)).toEqual([]);
      const counters = layout === 'lineament' ? 0 : written.tensors - tensors.size;
      expect(report).toMatchObject({ layout, matched: tensors.size, unused: [], missing: [], counters });
      expect(report.facts).toEqual(layout === 'facex' ? { epoch: 2, batch_id: 12 } : {});
      expect(await fitWeights(path, { backbone: null, size: 32 })).toMatchObject({
        ...{ backbone: 'mobilefacenet', embedding: 16, matched: tensors.size, layout },
      });
    },
  );

  it('of another network are taken as far as they fit, or refused with what does not', async () => {
    const path = join(root, 'lineament.pth');
    const wide = { ...network, settings: { ...network.settings, embedding: 32 } };
    const { report, tensors } = await readWeights(path, wide);
    expect(report.otherShape.map(({ name }) => name)).toEqual([
      ...['head.linear.weight', 'head.bn.gamma', 'head.bn.beta', 'head.bn.mean', 'head.bn.variance'],
    ]);
    expect(tensors.size).toBe(report.matched);
    await expect(readNetwork(path, { backbone: 'mobilefacenet', size: 112 })).rejects.toMatchObject({
      code: 'weights/incomplete',
      values: { detail: 'other shapes have head.pool.conv.weight [512,1,2,2] instead of [512,1,7,7]' },
    });
    await expect(readNetwork(path, { backbone: 'ir-50', size: null })).rejects.toMatchObject({
      code: expect.stringMatching(/^weights\/(no-match|incomplete)$/),
    });
    await expect(fitWeights(path, { backbone: 'vgg', size: null })).rejects.toMatchObject({
      code: 'weights/unknown-backbone',
    });
  });

  it('that are no numbers are refused by name', async () => {
    const tensors = made();
    tensors.get('stage2.1.project.bn.variance')?.fill(Number.NaN, 3, 4);
    const path = join(root, 'nan.pth');
    await writeWeights(path, 'evolve', { network, tensors, step: 1, epoch: 1 });
    await expect(readWeights(path, network)).rejects.toMatchObject({
      code: 'weights/damaged',
      values: { detail: 'stage2.1.project.bn.variance has numbers that are not finite' },
    });
  });

  it('have no names in a layout that does not know the backbone', async () => {
    const other = backbones.find(({ name }) => name.startsWith('resnet')) ?? mobilefacenet;
    if (other === mobilefacenet) return;
    const written = writeWeights(join(root, 'x.pth'), 'facex', {
      ...{
        network: { backbone: other, settings: other.defaults, size: 64 },
        tensors: new Map(),
        step: 1,
        epoch: 1,
      },
    });
    await expect(written).rejects.toMatchObject({ code: 'weights/no-layout' });
  });
});
