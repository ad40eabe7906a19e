import { seededRandom } from '../base/random.ts';
import { type Affinities, affinities } from './affinities.ts';
import type { Neighbours } from './neighbours.ts';
import { quadtree } from './quadtree.ts';

/** A layout in the plane that settles step by step. */
export interface PlaneLayout {
  /** [n, 2], the same array at every step. */
  readonly positions: Float64Array;
  step(): void;
}

export interface TsneOptions {
  readonly perplexity: number;
  /** Steps that are meant to be taken: a quarter of them, 250 at most, are the early exaggeration. */
  readonly epochs: number;
  readonly seed: number;
  /** Accuracy of the repulsion: 0 is exact, 0.5 usual. */
  readonly theta?: number;
}

const exaggeration = 12;
const leastGain = 0.01;

/**
 * t-SNE (van der Maaten and Hinton 2008) over nearest neighbours with a tree for the repulsion (van der Maaten 2014): early
 * exaggeration, gains and momentum as there, a random beginning by the seed. The learning rate is n / 12 (Belkina et al. 2019),
 * which is n / 48 with the gradient's factor of 4 written out; 50 at least, as is usual, but less for a few points, which it throws about.
 */
export function openTsne(neighbours: Neighbours, options: TsneOptions): PlaneLayout {
  const { count } = neighbours;
  const { epochs, seed, theta = 0.5 } = options;
  const p = affinities(neighbours, options.perplexity);
  const random = seededRandom(seed);
  const positions = Float64Array.from({ length: 2 * count }, () => random.normal() * 1e-4);
  const speeds = new Float64Array(2 * count);
  const gains = new Float64Array(2 * count).fill(1);
  const gradient = new Float64Array(2 * count);
  const early = Math.min(250, Math.ceil(epochs / 4));
  const rate = Math.max(count / exaggeration / 4, Math.min(50, count / 2));
  let taken = 0;
  return {
    positions,
    step: () => {
      tsneGradient(p, positions, gradient, { theta, exaggeration: taken < early ? exaggeration : 1 });
      const momentum = taken < early ? 0.5 : 0.8;
      for (let i = 0; i < 2 * count; i++) {
        const [slope, speed, gain] = [gradient[i] ?? 0, speeds[i] ?? 0, gains[i] ?? 1];
        const grown = slope > 0 === speed > 0 ? gain * 0.8 : gain + 0.2;
        gains[i] = Math.max(leastGain, grown);
        speeds[i] = momentum * speed - rate * (gains[i] ?? 1) * slope;
        positions[i] = (positions[i] ?? 0) + (speeds[i] ?? 0);
      }
      centre(positions);
      taken++;
    },
  };
}

/**
 * Writes the gradient 4·Σ_j (e·p_ij − q_ij)·(y_i − y_j) / (1 + |y_i − y_j|²) into `gradient` [n, 2]; see the papers above.
 * Returns the divergence KL(p ‖ q) of what the sparse rows hold.
 */
export function tsneGradient(
  { starts, columns, values }: Affinities,
  positions: Float64Array,
  gradient: Float64Array,
  { theta, exaggeration: factor }: { readonly theta: number; readonly exaggeration: number },
): number {
  const n = positions.length / 2;
  const tree = quadtree(positions);
  const repelled = new Float64Array(2 * n);
  let total = 0; // Σ over all pairs of 1 / (1 + d²)
  const force = { x: 0, y: 0 };
  for (let i = 0; i < n; i++) {
    force.x = 0;
    force.y = 0;
    total += tree.repulsion(i, theta, force);
    repelled[2 * i] = force.x;
    repelled[2 * i + 1] = force.y;
  }
  let divergence = 0;
  for (let i = 0; i < n; i++) {
    const [x, y] = [positions[2 * i] ?? 0, positions[2 * i + 1] ?? 0];
    let [sumX, sumY] = [0, 0];
    for (let at = starts[i] ?? 0; at < (starts[i + 1] ?? 0); at++) {
      const j = columns[at] ?? 0;
      const value = values[at] ?? 0;
      const dx = x - (positions[2 * j] ?? 0);
      const dy = y - (positions[2 * j + 1] ?? 0);
      const near = 1 / (1 + dx * dx + dy * dy);
      sumX += factor * value * near * dx;
      sumY += factor * value * near * dy;
      if (value > 0) divergence += value * Math.log((value * total) / near);
    }
    gradient[2 * i] = 4 * (sumX - (repelled[2 * i] ?? 0) / total);
    gradient[2 * i + 1] = 4 * (sumY - (repelled[2 * i + 1] ?? 0) / total);
  }
  return divergence;
}

function centre(positions: Float64Array): void {
  const n = positions.length / 2;
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += (positions[2 * i] ?? 0) / n;
    y += (positions[2 * i + 1] ?? 0) / n;
  }
  for (let i = 0; i < n; i++) {
    positions[2 * i] = (positions[2 * i] ?? 0) - x;
    positions[2 * i + 1] = (positions[2 * i + 1] ?? 0) - y;
  }
}
