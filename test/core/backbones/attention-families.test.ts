import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { attentionNet } from '../../../src/core/backbones/attention-net.ts';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { hrnet } from '../../../src/core/backbones/hrnet.ts';
import { swin } from '../../../src/core/backbones/swin.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { constant, input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import { type Net, openNet } from '../../../src/core/layers/net.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { constantOf } from '../../support/reference/constant.ts';
import { formulaParameter, summary, uniform } from '../../support/reference/formula.ts';
import { runInOnnxruntime } from '../../support/reference/onnxruntime.ts';

/** What PyTorch computed in double precision of narrow members (test/fixtures/make_attention_golden.py). */
interface Golden {
  readonly batch: number;
  readonly embedding: number;
  readonly networks: Readonly<
    Record<
      string,
      {
        readonly side: number;
        readonly embeddings: readonly number[];
        readonly gradients: Readonly<Record<string, readonly [length: number, along: number]>>;
      }
    >
  >;
}

const path = new URL('../../fixtures/attention-families.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

const narrow: readonly (readonly [string, Backbone])[] = [
  ['attention-net', attentionNet(0, { modules: [1, 1, 1], width: 8 })],
  ['hrnet', hrnet({ width: 4, exchanges: [1, 1, 1], part: 16 })],
  ['swin', swin({ name: 'swin-x', title: '', width: 8, depths: [2, 2, 2, 1], depth: 4, window: 2 })],
];

const numbersOf = (net: Net): Map<string, Float32Array> =>
  new Map([
    ...net.parameters.map(
      ({ name, shape, initial }) => [name, formulaParameter(name, shape, initial)] as const,
    ),
    ...net.running.map(({ name, shape, initial }) => {
      const drawn = uniform(name, count(shape));
      return [name, Float32Array.from(drawn, (x) => constantOf(initial) + 0.2 * x)] as const;
    }),
  ]);

describe.each(narrow)('%s, a narrow one', (name, backbone) => {
  const { batch, embedding } = golden;
  const wanted = golden.networks[name];
  if (!wanted) throw new Error(`no golden numbers of ${name}`);
  const { side } = wanted;
  const settings = { ...backbone.defaults, embedding, dropPath: 0 };
  const shape = [batch, 3, side, side];
  const pictures = Float32Array.from(uniform('pictures', count(shape)));

  it('computes what PyTorch computes, also when it is exported', async () => {
    const net = openNet(false);
    const result = backbone.build(net, input('pictures', shape), settings);
    const numbers = numbersOf(net);
    const [got] = await runInOnnxruntime([result], { ...Object.fromEntries(numbers), pictures });
    const pixels = { mean: 0, deviation: 1, order: 'rgb' } as const;
    const plan = { backbone, settings, size: side, pixels };
    const model = compileExport(plan, numbers, { recipe: '', version: '' });
    expect([...model.opsets]).toEqual([['', 17]]);
    const session = await openSession({ name, bytes: writeOnnx(model) }, { threads: 1 });
    const exported = (await session.run({ input: { shape, data: pictures } })).embedding?.data;
    await session.close();
    const most = Math.max(...wanted.embeddings.map(Math.abs));
    wanted.embeddings.forEach((value, i) => {
      expect(Math.abs((got?.[i] ?? Number.NaN) - value) / most).toBeLessThan(1e-5);
      expect(Math.abs(Number(exported?.[i]) - value) / most).toBeLessThan(1e-5);
    });
  });

  it('has PyTorch’s derivatives, all of them', async () => {
    const net = openNet(true);
    const result = backbone.build(net, input('pictures', shape), settings);
    const direction = constant(uniform('embedding:direction', count(result.shape)), result.shape);
    const loss = reduceSum(multiply(result, direction));
    const parameters = net.parameters.map(({ value }) => value);
    const feeds = { ...Object.fromEntries(numbersOf(net)), pictures };
    const gradients = await runInOnnxruntime(differentiate(loss, parameters), feeds);
    expect(net.parameters.map((one) => one.name).toSorted()).toEqual(
      Object.keys(wanted.gradients).toSorted(),
    );
    // In double precision all agree to 5e-9; float32 loses much in dozens of normalisations of few numbers. Some are
    // exactly 0, terms before a normalisation, and come out as rounding.
    const all = Math.hypot(...Object.values(wanted.gradients).map(([length]) => length));
    net.parameters.forEach(({ name: one }, i) => {
      const [length, along] = summary(one, gradients[i] ?? []);
      const [itsLength, itsAlong] = wanted.gradients[one] ?? [Number.NaN, Number.NaN];
      const apart = Math.max(Math.abs(length - itsLength), Math.abs(along - itsAlong));
      expect(apart / Math.max(itsLength, 1e-4 * all), one).toBeLessThan(3e-2);
      expect(Number.isFinite(length), one).toBe(true);
    });
  });
});
