import { scalar } from '../graph/builder.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { divide } from '../ops/divide.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import { carried } from './carried.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { lengthsOf } from './lengths.ts';
import { startOption } from './options.ts';

/**
 * SphereFace, or A-Softmax (Liu et al. 2017): the target's logit is ‖f‖·(c + (ψ − c)/(1 + λ)) with
 * ψ = (−1)^k·cos mθ − 2k and k = ⌊mθ/π⌋, which falls all the way from θ = 0 to π; other logits are ‖f‖·c. λ is
 * max(least, first/(1 + decay·batches)): the margin comes in slowly.
 */
export const sphereface: Head = {
  name: 'sphereface',
  title: 'SphereFace',
  family: 'The same margin for all',
  about: 'The own class’s angle counts several times; comes in slowly.',
  presets: {
    'face.evoLVe': { multiple: 4, lambdaFirst: 1000, lambdaDecay: 0.12, lambdaLeast: 5, start: 'xavier' },
  },
  options: [
    {
      name: 'multiple',
      title: 'Multiple m of the angle',
      kind: 'number',
      least: 1,
      most: 5,
      whole: true,
      about: 'The own class’s angle counts so many times; the paper: 4.',
    },
    {
      name: 'lambdaFirst',
      title: 'First λ',
      kind: 'number',
      least: 0,
      most: 100_000,
      step: 10,
      about: 'How much more the plain cosine weighs than the one with the margin, to begin with.',
    },
    {
      name: 'lambdaDecay',
      title: 'Decay of λ',
      kind: 'number',
      least: 0,
      most: 100,
      step: 0.01,
      about: 'After n batches, λ is the first one divided by 1 + n times this.',
    },
    {
      name: 'lambdaLeast',
      title: 'Least λ',
      kind: 'number',
      least: 0,
      most: 1000,
      about: 'What λ falls to; the paper: 5.',
    },
    startOption,
  ],
  held: [],
  build(net, embeddings, target, settings) {
    const { multiple, first, decay, least, start } = complete(settings);
    const batches = carried(net, 'classes.batches', 0, (now) => add(now, scalar(1)));
    const falling = divide(scalar(first), add(scale(batches, decay), scalar(1)));
    const lambda = maximum(falling, scalar(least));
    const cosine = cosines(net, embeddings, target, start);
    const values = withMargin(cosine, target, lengthsOf(embeddings), (c) =>
      add(c, divide(subtract(fallen(c, multiple), c), add(lambda, scalar(1)))),
    );
    return { ...values, figures: { lambda } };
  },
  target: (settings, c) => {
    const { multiple, least } = complete(settings);
    return ownCurve(c, multiple, least);
  },
  expectedLoss(settings, classes, embedding, loss) {
    const { multiple, first, decay, least } = complete(settings);
    const lambda = Math.max(least, first / (1 + decay));
    const length = Math.sqrt(embedding); // as normalisation leaves it
    const own = (c: number): number => length * ownCurve(c, multiple, lambda);
    return expectedLoss(cosineLogits(embedding, length, own), classes, loss);
  },
};

/** ψ of c. At the angles jπ/m where k changes both sides meet, so that it does not matter which is taken. */
function fallen(c: Value, m: number): Value {
  const edges = Array.from({ length: m - 1 }, (_, j) => scalar(Math.cos(((j + 1) * Math.PI) / m)));
  const passed = edges.map((edge) => step(subtract(edge, c)));
  const k = passed.reduce<Value>(add, scalar(0));
  // (−1)^k
  const sign = passed.reduce<Value>((s, one) => multiply(s, subtract(scalar(1), scale(one, 2))), scalar(1));
  return subtract(multiply(sign, multipleCosine(c, m)), scale(k, 2));
}

/** cos mθ by Chebyshev's T₀ = 1, T₁ = c, Tₘ = 2c·Tₘ₋₁ − Tₘ₋₂. */
function multipleCosine(c: Value, m: number): Value {
  let [before, now]: [Value, Value] = [scalar(1), c];
  for (let i = 1; i < m; i++) [before, now] = [now, subtract(scale(multiply(c, now), 2), before)];
  return now;
}

/** Of an embedding of length 1. */
function ownCurve(c: number, m: number, lambda: number): number {
  const k = Math.floor((m * Math.acos(c)) / Math.PI);
  const psi = (-1) ** k * Math.cos(m * Math.acos(c)) - 2 * k;
  return c + (psi - c) / (1 + lambda);
}

function complete({
  multiple = 4,
  lambdaFirst: first = 1000,
  lambdaDecay: decay = 0.12,
  lambdaLeast: least = 5,
  start = 'xavier',
}: HeadSettings) {
  return { multiple, first, decay, least, start };
}
