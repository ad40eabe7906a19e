import { seededRandom } from '../base/random.ts';
import type { LossSettings } from './loss.ts';

/** Logits before anything has been learnt, each from a standard normal number. */
export interface FirstLogits {
  /** Of the own class. */
  own(z: number): number;
  /** Of every other; `own` is the number that the own one came from, for heads that compare the two. */
  other(z: number, own: number): number;
  /** Whether `other` looks at `own`. */
  readonly compares?: boolean;
}

const plain: LossSettings = { kind: 'cross-entropy', smoothing: 0 };
/** Logits drawn in all, and own ones for each draw of the others; with them the mean is good to a per cent. */
const [drawn, owns] = [50_000, 64] as const;
/** The same where others must be computed anew for each own one. */
const [drawnCompared, ownsCompared] = [20_000, 16] as const;

/**
 * The mean loss over pictures whose logits are independent. By drawing them, always the same: where scales are large, the
 * few largest logits decide, and no short formula holds.
 */
export function expectedLoss(first: FirstLogits, classes: number, loss = plain): number {
  const random = seededRandom(1);
  const rounds = Math.min(500, Math.ceil((first.compares ? drawnCompared : drawn) / classes));
  const entropies: number[] = [];
  let smoothed = 0;
  for (let round = 0; round < rounds; round++) {
    const numbers = Float64Array.from({ length: classes - 1 }, () => random.normal());
    let others = othersOf(numbers, (z) => first.other(z, 0));
    for (let i = 0; i < (first.compares ? ownsCompared : owns) / 2; i++) {
      const z = random.normal();
      for (const one of [z, -z]) {
        if (first.compares) others = othersOf(numbers, (other) => first.other(other, one));
        const { largest, total, sum } = others;
        const mine = first.own(one);
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

/** The largest logit, the sum of all, and that of their exponentials divided by the largest's. */
function othersOf(numbers: Float64Array, logit: (z: number) => number) {
  const logits = numbers.map(logit);
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const total = logits.reduce((sum, x) => sum + Math.exp(x - largest), 0);
  return { largest, total, sum: logits.reduce((a, b) => a + b, 0) };
}

const average = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

/**
 * Of a head by cosine: cosines between what is unrelated are normal with variance 1/d. `other` where negatives are more
 * than scaled: a logit, from their cosine and the own one.
 */
export function cosineLogits(
  embedding: number,
  scale: number,
  target: (cosine: number) => number,
  other?: (cosine: number, own: number) => number,
): FirstLogits {
  const cosine = (z: number): number => Math.max(-1, Math.min(1, z / Math.sqrt(embedding)));
  const own = (z: number): number => target(cosine(z));
  if (other === undefined) return { own, other: (z) => scale * cosine(z) };
  return { own, other: (z, by) => other(cosine(z), cosine(by)), compares: true };
}
