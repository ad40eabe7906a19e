import { seededRandom } from '../base/random.ts';
import type { LossSettings } from './loss.ts';

/** Logits before anything has been learnt, each from a standard normal number. */
export interface FirstLogits {
  /** Of the own class. */
  own(z: number): number;
  /** Of every other. */
  other(z: number): number;
}

const plain: LossSettings = { kind: 'cross-entropy', smoothing: 0 };
/** Logits drawn in all, and own ones for each draw of the others; with them the mean is good to a per cent. */
const [drawn, owns] = [50_000, 64] as const;

/**
 * The mean loss over pictures whose logits are independent. By drawing them, always the same: where scales are large, the
 * few largest logits decide, and no short formula holds.
 */
export function expectedLoss({ own, other }: FirstLogits, classes: number, loss = plain): number {
  const random = seededRandom(1);
  const rounds = Math.min(500, Math.ceil(drawn / classes));
  const entropies: number[] = [];
  let smoothed = 0;
  for (let round = 0; round < rounds; round++) {
    const others = Float64Array.from({ length: classes - 1 }, () => other(random.normal()));
    const largest = others.reduce((a, b) => Math.max(a, b));
    const total = others.reduce((sum, x) => sum + Math.exp(x - largest), 0);
    const sum = others.reduce((a, b) => a + b, 0);
    for (let i = 0; i < owns / 2; i++) {
      const z = random.normal();
      for (const mine of [own(z), own(-z)]) {
        const most = Math.max(mine, largest);
        const all = most + Math.log(total * Math.exp(largest - most) + Math.exp(mine - most));
        entropies.push(all - mine);
        smoothed += mine - (sum + mine) / classes;
      }
    }
  }
  const mean = average(entropies);
  if (loss.kind === 'cross-entropy') return mean + (loss.smoothing * smoothed) / entropies.length;
  const weighed = (x: number): number => (1 - Math.exp(-x)) ** loss.gamma * x;
  return loss.form === 'batch' ? weighed(mean) : average(entropies.map(weighed));
}

const average = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

/** Of a head by cosine: cosines between what is unrelated are normal with variance 1/d. */
export function cosineLogits(
  embedding: number,
  scale: number,
  target: (cosine: number) => number,
): FirstLogits {
  const cosine = (z: number): number => Math.max(-1, Math.min(1, z / Math.sqrt(embedding)));
  return { own: (z) => target(cosine(z)), other: (z) => scale * cosine(z) };
}
