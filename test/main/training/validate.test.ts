import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { buildEmbedding, type NetworkPlan } from '../../../src/core/compile/1-build.ts';
import type { Evaluation } from '../../../src/core/contract/runs.ts';
import { batchNorm } from '../../../src/core/layers/batch-norm.ts';
import { conv2d } from '../../../src/core/layers/conv2d.ts';
import { linear } from '../../../src/core/layers/linear.ts';
import { flatten } from '../../../src/core/layers/shape.ts';
import { areaUnderCurve, tarCurve, verify } from '../../../src/core/metrics/verification.ts';
import { initialise } from '../../../src/core/training/initialise.ts';
import type { CropTable, ValidationSet } from '../../../src/main/training/crops.ts';
import { type ValidationOptions, validate } from '../../../src/main/training/validate.ts';
import { softCrop, writeCrops } from '../../support/crop-packs.ts';
import { interpret } from '../../support/reference/interpret.ts';
import { pairsOf } from '../../support/training-run.ts';

const tiny: Backbone = {
  ...{ name: 'tiny', title: 'Tiny', input: 16, defaults: { embedding: 6, dropout: 0 } },
  build(net, pictures, { embedding }) {
    const x = batchNorm(net, 'a', conv2d(net, 'a', pictures, { out: 4, kernel: 3, stride: 4, padding: 1 }));
    return linear(net, 'b', flatten(x), { out: embedding });
  },
};
const plan: NetworkPlan = {
  ...{ backbone: tiny, settings: tiny.defaults, size: 16 },
  pixels: { mean: 127.5, deviation: 64, order: 'bgr' },
};
/** Numbers with running statistics that are not those of the beginning. */
const { net, embedding } = buildEmbedding(plan, 2);
const trained = new Map<string, Float32Array>([
  ...net.parameters.map((tensor) => [tensor.name, initialise(tensor, 3)] as const),
  ...net.running.map(
    ({ name, shape }) =>
      [
        name,
        initialise({ name, shape, initial: { kind: 'normal', deviation: 1 } }, 4).map((x) => x * x + 0.1),
      ] as const,
  ),
]);

const [identities, perIdentity] = [10, 8];
const pictures = Array.from({ length: identities * perIdentity }, (_, i) =>
  softCrop(i, Math.floor(i / perIdentity), 16),
);

let root: string;
let crops: CropTable;
let set: ValidationSet;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-validate-'));
  crops = await writeCrops(root, { identities, perIdentity, side: 16 });
  set = pairsOf(crops);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** In double precision, picture by picture. */
function cosines(flip: boolean): number[] {
  const vectorOf = (data: Uint8Array): number[] => {
    // a graph of two pictures: both are this one
    const images = Float64Array.from([...data, ...data]);
    const [result] = interpret([embedding], { ...Object.fromEntries(trained), images });
    return Array.from(result?.data ?? []).slice(0, 6);
  };
  const mirrored = (data: Uint8Array): Uint8Array =>
    data.map((_, i) => {
      const [y, x, c] = [Math.floor(i / 48), Math.floor(i / 3) % 16, i % 3];
      return data[y * 48 + (15 - x) * 3 + c] ?? 0;
    });
  const vectors = pictures.map(({ data }) => {
    const own = vectorOf(data);
    return flip ? vectorOf(mirrored(data)).map((value, i) => value + (own[i] ?? 0)) : own;
  });
  const dot = (a: readonly number[] = [], b: readonly number[] = []): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return Array.from({ length: set.pairs.length / 2 }, (_, i) => {
    const [a, b] = [vectors[set.pairs[2 * i] ?? 0], vectors[set.pairs[2 * i + 1] ?? 0]];
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  });
}

async function run(more: Partial<ValidationOptions> = {}, numbers = trained): Promise<Evaluation[]> {
  const signal = new AbortController().signal;
  const options = { plan, sets: [set], packsDir: root, flip: false, signal, threads: 1, ...more };
  const evaluations: Evaluation[] = [];
  for await (const evaluation of validate(options, numbers, 40)) evaluations.push(evaluation);
  return evaluations;
}

describe('validation', () => {
  it.each([false, true])('is that of embeddings in double precision (mirrored added: %s)', async (flip) => {
    const scores = cosines(flip);
    const [evaluation] = await run({ flip });
    const expected = verify({ scores, same: set.same });
    expect(evaluation).toMatchObject({ step: 40, set: 'held-out', pairs: 80 });
    expect(evaluation?.accuracy).toBe(expected.accuracy);
    expect(evaluation?.deviation).toBeCloseTo(expected.deviation, 6);
    expect(evaluation?.threshold).toBeCloseTo(expected.threshold, 4);
    expect(evaluation?.auc).toBe(areaUnderCurve({ scores, same: set.same }));
    expect(evaluation?.tarAtFar).toEqual(tarCurve({ scores, same: set.same }));
    // the test would show a difference: neither all right nor chance
    expect(expected.accuracy).toBeGreaterThan(0.55);
    expect(expected.accuracy).toBeLessThan(1);
  });

  it('goes through its sets in order', async () => {
    const half = { ...set, name: 'half', pairs: set.pairs.slice(0, 80), same: set.same.slice(0, 40) };
    expect((await run({ sets: [half, set] })).map((one) => [one.set, one.pairs])).toEqual([
      ['half', 40],
      ['held-out', 80],
    ]);
  });

  it('of a network without finite numbers ends, at chance', async () => {
    const broken = new Map(trained).set('b.weight', new Float32Array(16 * 4 * 6).fill(Number.NaN));
    const [evaluation] = await run({}, broken);
    expect(evaluation).toMatchObject({ accuracy: 0.5, auc: 0.5 });
  });

  it('stops where it is cancelled', async () => {
    await expect(run({ signal: AbortSignal.abort() })).rejects.toThrow(Cancelled);
  });

  it('names a picture that cannot be read', async () => {
    const offsets = crops.offsets.slice();
    offsets[5] = 1e9;
    const damaged = { ...set, crops: { ...crops, offsets } };
    await expect(run({ sets: [damaged] })).rejects.toMatchObject({
      code: 'training/crop-unusable',
      values: { index: 5 },
    });
  });
});
