import { expect, it } from 'vitest';
import type { Backbone, BackboneSettings } from '../../../src/core/backbones/backbone.ts';
import { differentiate } from '../../../src/core/compile/2-differentiate.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { constant, input } from '../../../src/core/graph/builder.ts';
import { count } from '../../../src/core/graph/shape.ts';
import { type Net, openNet } from '../../../src/core/layers/net.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { multiply } from '../../../src/core/ops/multiply.ts';
import { reduceSum } from '../../../src/core/ops/reduce-sum.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { constantOf } from './constant.ts';
import { formulaParameter, summary, uniform } from './formula.ts';
import { runInOnnxruntime } from './onnxruntime.ts';

/** What PyTorch computed in double precision (test/fixtures/make_residual_golden.py). */
export interface FamilyGolden {
  readonly training: readonly number[];
  readonly inference: readonly number[];
  readonly gradients: Readonly<Record<string, readonly [length: number, along: number]>>;
}

export interface FamilyCase {
  readonly backbone: Backbone;
  readonly settings: BackboneSettings;
  /** [batch, 3, side, side]. */
  readonly shape: readonly [number, number, number, number];
  /** How far a derivative may be away, as a part of its length; 0.01 unless float32 itself is further. */
  readonly tolerance?: number;
}

function numbersOf(net: Net): Map<string, Float32Array> {
  const drawn = ({ name, shape, initial }: (typeof net.running)[number]): Float32Array =>
    Float32Array.from(uniform(name, count(shape)), (x) => constantOf(initial) + 0.2 * x);
  return new Map([
    ...net.parameters.map(
      ({ name, shape, initial }) => [name, formulaParameter(name, shape, initial)] as const,
    ),
    ...net.running.map((one) => [one.name, drawn(one)] as const),
  ]);
}

/** The largest distance, as a part of the largest number. */
function apart(got: ArrayLike<number> | undefined, wanted: readonly number[]): number {
  expect(got).toHaveLength(wanted.length);
  const most = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs((got?.[i] ?? Number.NaN) - value))) / most;
}

/** Embeddings and derivatives in training, and embeddings in use and exported, against PyTorch's. */
export function holdAgainstTorch(one: FamilyCase, golden: FamilyGolden): void {
  const { backbone, settings, shape, tolerance = 1e-2 } = one;
  const pictures = Float32Array.from(uniform('pictures', count(shape)));

  it('computes in use what PyTorch computes, also when it is exported', { timeout: 60_000 }, async () => {
    const net = openNet(false);
    const result = backbone.build(net, input('pictures', shape), settings);
    const numbers = numbersOf(net);
    const [got] = await runInOnnxruntime([result], { ...Object.fromEntries(numbers), pictures });
    expect(apart(got, golden.inference)).toBeLessThan(1e-5);
    const pixels = { mean: 0, deviation: 1, order: 'rgb' } as const;
    const plan = { backbone, settings, size: shape[2], pixels };
    const model = compileExport(plan, numbers, { recipe: '', version: '' });
    expect([...model.opsets]).toEqual([['', 17]]);
    const session = await openSession({ name: backbone.name, bytes: writeOnnx(model) }, { threads: 1 });
    const exported = (await session.run({ input: { shape, data: pictures } })).embedding?.data;
    await session.close();
    expect(apart(exported as Float32Array, golden.inference)).toBeLessThan(1e-4);
  });

  it('has in training PyTorch’s embeddings and derivatives, all of them', { timeout: 60_000 }, async () => {
    const net = openNet(true);
    const result = backbone.build(net, input('pictures', shape), settings);
    const direction = constant(uniform('embedding:direction', count(result.shape)), result.shape);
    const by = differentiate(
      reduceSum(multiply(result, direction)),
      net.parameters.map(({ value }) => value),
    );
    const feeds = { ...Object.fromEntries(numbersOf(net)), pictures };
    const [embeddings, ...gradients] = await runInOnnxruntime([result, ...by], feeds);
    expect(apart(embeddings, golden.training)).toBeLessThan(1e-3);
    expect(net.parameters.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(golden.gradients).toSorted(),
    );
    // Float32 loses much in normalisations of few numbers. Some derivatives are exactly 0, terms before a
    // normalisation, and come out as rounding.
    const all = Math.hypot(...Object.values(golden.gradients).map(([length]) => length));
    net.parameters.forEach(({ name }, i) => {
      const [length, along] = summary(name, gradients[i] ?? []);
      const [itsLength, itsAlong] = golden.gradients[name] ?? [Number.NaN, Number.NaN];
      const distance = Math.max(Math.abs(length - itsLength), Math.abs(along - itsAlong));
      expect(length, name).toBeGreaterThan(0);
      expect(distance / Math.max(itsLength, 1e-4 * all), name).toBeLessThan(tolerance);
    });
  });
}
