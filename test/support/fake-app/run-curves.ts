import { type MetricColumn, metricColumns } from '../../../src/core/training/metrics.ts';

/** What shapes the curves of a run that nobody trained. */
export interface Shape {
  readonly seed: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Pictures of a step. */
  readonly images: number;
  /** Highest learning rate. */
  readonly rate: number;
  /** 0..1: how well it learns. */
  readonly skill: number;
}

/** In 0..1, the same for the same numbers. */
export function noise(seed: number, step: number, salt: number): number {
  let z = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b) ^ Math.imul(salt, 0xc2b2ae35)) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
}

const milliseconds = 380;

/** A row of metrics as a run of that shape could have told it at the step: the loss falls, the cosines part. */
export function metricsAt(shape: Shape, step: number): readonly number[] {
  const { seed, steps, rate, skill } = shape;
  const t = step / steps;
  const jitter = (salt: number): number => noise(seed, step, salt) - 0.5;
  const learned = skill * (1 - Math.exp(-6 * t)) + (1 - skill) * 0.5 * (1 - Math.exp(-3 * t));
  const spike = noise(seed, step, 99) > 0.9995 ? 9 : 0;
  const warm = Math.min(1, t / 0.03);
  const stepMs = milliseconds + 40 * jitter(1) + (noise(seed, step, 2) > 0.995 ? 300 : 0);
  const known: Record<MetricColumn, number> = {
    loss: Math.max(0.05, 22 * (1 - learned) + 0.8 + spike + 2.2 * (1.1 - learned) * jitter(3)),
    rate: rate * warm * 0.5 * (1 + Math.cos(Math.PI * Math.max(0, (t - 0.03) / 0.97))),
    top1: clamp(learned * 0.97 + 0.1 * jitter(4)),
    top5: clamp(0.03 + learned * 0.99 + 0.06 * jitter(5)),
    gradientNorm: 4 * Math.exp(-2 * t) + 0.6 + jitter(6) + spike,
    featureNorm: 9 + 14 * learned + jitter(7),
    targetCosine: 0.02 + 0.68 * learned + 0.04 * jitter(8),
    negativeCosine: 0.015 + 0.03 * Math.exp(-4 * t) + 0.008 * jitter(9),
    stepMs,
    waitMs: 3 + 6 * noise(seed, step, 10),
    seconds: (step * milliseconds) / 1000,
  };
  return metricColumns.map((name) => known[name]);
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** Accuracy on held-out people after so many steps. */
export function accuracyAt(shape: Shape, step: number, set: number): number {
  const learned = 1 - Math.exp((-5 * step) / shape.steps);
  return clamp(
    0.52 +
      (0.34 + 0.11 * shape.skill - 0.04 * set) * learned +
      0.012 * (noise(shape.seed, step, 20 + set) - 0.5),
  );
}

/** A bell over equal bins from `from` to `to`. */
export function bell(from: number, to: number, mean: number, deviation: number): readonly number[] {
  const bins = 64;
  return Array.from({ length: bins }, (_, i) => {
    const x = from + ((i + 0.5) * (to - from)) / bins;
    return Math.round(4000 * Math.exp(-0.5 * ((x - mean) / deviation) ** 2));
  });
}
