import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { constant, input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import type { OnnxModel } from '../../../src/core/onnx/types.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { formulaParameter, summary, uniform } from '../../support/reference/formula.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

/** What PyTorch computed in double precision (test/fixtures/make_mobile_golden.py). */
interface Golden {
  readonly batch: number;
  readonly embedding: number;
  readonly side: number;
  readonly networks: Readonly<Record<string, Network>>;
}
interface Network {
  readonly training: readonly number[];
  readonly inference: readonly number[];
  readonly gradients: Readonly<Record<string, readonly [length: number, along: number]>>;
}

const path = new URL('../../fixtures/mobile-families.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
const { batch, embedding, side } = golden;
const shape = [batch, 3, side, side];
const pictures = Float32Array.from(uniform('faces', count(shape)));

async function embed(model: OnnxModel): Promise<Float32Array> {
  const session = await openSession({ name: 'exported', bytes: writeOnnx(model) }, { threads: 1 });
  const outputs = await session.run({ input: { shape, data: pictures } });
  const result = Float32Array.from(outputs.embedding?.data as Float32Array);
  await session.close();
  return result;
}

/** The largest distance as a part of the largest number. */
function apart(got: ArrayLike<number>, wanted: readonly number[]): number {
  expect(got).toHaveLength(wanted.length);
  const most = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs((got[i] ?? Number.NaN) - value))) / most;
}

describe.each(Object.entries(golden.networks))('%s against PyTorch', (name, wanted) => {
  const backbone = backbones.find((one) => one.name === name);
  if (!backbone) throw new Error(`no backbone ${name}`);
  const settings = {
    ...backbone.defaults,
    embedding,
    dropout: 0,
    ...('dropPath' in backbone.defaults ? { dropPath: 0 } : {}),
  };
  const net = openNet(true);
  const result = backbone.build(net, input('pictures', shape), settings);
  const numbers = new Map(
    net.parameters.map((one) => [one.name, formulaParameter(one.name, one.shape, one.initial)] as const),
  );
  let trained: Float32Array = new Float32Array();
  const gradients = new Map<string, Float32Array>();
  const statistics = new Map<string, Float32Array>();

  beforeAll(async () => {
    const direction = constant(uniform('embedding:direction', count(result.shape)), result.shape);
    const loss = reduceSum(multiply(result, direction));
    const by = differentiate(
      loss,
      net.parameters.map(({ value }) => value),
    );
    const next = net.running.flatMap((one) => (one.next ? [one.next] : []));
    const zeros = net.running.map((one) => [one.name, new Float32Array(count(one.shape))] as const);
    const feeds = { ...Object.fromEntries([...numbers, ...zeros]), pictures };
    const [first, ...rest] = await runInOnnxruntime([result, ...by, ...next], feeds);
    trained = first ?? trained;
    net.parameters.forEach((one, i) => void gradients.set(one.name, rest[i] ?? new Float32Array()));
    // a tenth of the batch's, from zeros
    net.running.forEach((one, i) => {
      statistics.set(
        one.name,
        (rest[net.parameters.length + i] ?? new Float32Array()).map((x) => 10 * x),
      );
    });
  }, 60_000);

  it('computes its embeddings in training', () => {
    expect(apart(trained, wanted.training)).toBeLessThan(2e-4);
  });

  it('computes its embeddings in use, also when it is exported', async () => {
    const used = openNet(false);
    const plain = backbone.build(used, input('pictures', shape), settings);
    const all = new Map([...numbers, ...statistics]);
    const [before] = await runInOnnxruntime([plain], { ...Object.fromEntries(all), pictures });
    expect(apart(before ?? [], wanted.inference)).toBeLessThan(2e-4);
    const pixels = { mean: 0, deviation: 1, order: 'rgb' } as const;
    const plan = { backbone, settings, size: side, pixels };
    const model = compileExport(plan, all, { recipe: '', version: '' });
    expect([...model.opsets]).toEqual([['', 17]]);
    expect(apart(await embed(model), [...(before ?? [])])).toBeLessThan(1e-4);
  });

  it('has its derivatives, all of them', () => {
    expect([...gradients.keys()].toSorted()).toEqual(Object.keys(wanted.gradients).toSorted());
    // some are exactly 0 (a term before another normalisation) and come out as rounding
    const all = Math.hypot(...Object.values(wanted.gradients).map(([length]) => length));
    const apart = [...gradients].map(([one, numbersOfOne]) => {
      const [length, along] = summary(one, numbersOfOne);
      const [itsLength, itsAlong] = wanted.gradients[one] ?? [Number.NaN, Number.NaN];
      const distance = Math.max(Math.abs(length - itsLength), Math.abs(along - itsAlong));
      expect(length, one).toBeGreaterThan(0);
      // float32 puts a number or two on the other side of a ReLU's corner: seen in what is before it alone
      expect(distance / Math.max(itsLength, 1e-4 * all), one).toBeLessThan(3e-2);
      return distance / Math.max(itsLength, 1e-4 * all);
    });
    expect(apart.reduce((a, b) => a + b, 0) / apart.length).toBeLessThan(5e-3);
  });
});
