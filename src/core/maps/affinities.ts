import { assert } from '../base/assert.ts';
import type { Neighbours } from './neighbours.ts';

/** Joint probabilities of t-SNE, symmetric and summing to 1, row after row (compressed sparse rows). */
export interface Affinities {
  /** Where each row begins, and the end. [n + 1] */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

const tolerance = 1e-5;
const mostTries = 64;

/**
 * p_ij = (p_j|i + p_i|j) / 2n, where p_j|i is a Gaussian over i's neighbours with the width that gives it the wanted
 * perplexity (van der Maaten and Hinton 2008, eq. 1; over neighbours only: van der Maaten 2014, eq. 7). A perplexity
 * above a third of the neighbours is cut down to that.
 */
export function affinities(neighbours: Neighbours, perplexity: number): Affinities {
  const { count, k, indices } = neighbours;
  assert(perplexity > 0 && k >= 1, `a perplexity of ${perplexity} over ${k} neighbours`);
  const conditional = conditionals(neighbours, Math.max(1, Math.min(perplexity, k / 3)));
  const rows = Array.from({ length: count }, () => new Map<number, number>());
  const add = (i: number, j: number, value: number): void => {
    const row = rows[i];
    row?.set(j, (row.get(j) ?? 0) + value);
  };
  for (let i = 0; i < count; i++) {
    for (let m = 0; m < k; m++) {
      const j = indices[i * k + m] ?? 0;
      const half = (conditional[i * k + m] ?? 0) / (2 * count);
      add(i, j, half);
      add(j, i, half);
    }
  }
  const starts = new Int32Array(count + 1);
  for (const [i, row] of rows.entries()) starts[i + 1] = (starts[i] ?? 0) + row.size;
  const total = starts[count] ?? 0;
  const columns = new Int32Array(total);
  const values = new Float64Array(total);
  for (const [i, row] of rows.entries()) {
    let at = starts[i] ?? 0;
    for (const [j, value] of row) {
      columns[at] = j;
      values[at++] = value;
    }
  }
  return { starts, columns, values };
}

/** p_j|i for each neighbour: rows sum to 1 and have the entropy log(perplexity). [n, k] */
function conditionals({ count, k, squares }: Neighbours, perplexity: number): Float64Array {
  const wanted = Math.log(perplexity);
  const result = new Float64Array(count * k);
  for (let i = 0; i < count; i++) {
    const row = squares.subarray(i * k, (i + 1) * k);
    const out = result.subarray(i * k, (i + 1) * k);
    const nearest = row[0] ?? 0;
    let [beta, low, high] = [1, 0, Number.POSITIVE_INFINITY];
    for (let tries = 0; tries < mostTries; tries++) {
      // Entropy H = log Σ + β·Σ d·e / Σ, with distances from the nearest so that nothing underflows.
      let [sum, weighted] = [0, 0];
      for (let m = 0; m < k; m++) {
        const far = (row[m] ?? 0) - nearest;
        const value = Math.exp(-beta * far);
        out[m] = value;
        sum += value;
        weighted += far * value;
      }
      for (let m = 0; m < k; m++) out[m] = (out[m] ?? 0) / sum;
      const off = Math.log(sum) + (beta * weighted) / sum - wanted;
      if (Math.abs(off) < tolerance) break;
      if (off > 0) low = beta;
      else high = beta;
      beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (low + high) / 2;
    }
  }
  return result;
}
