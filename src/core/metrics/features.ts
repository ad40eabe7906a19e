import { assert } from '../base/assert.ts';
import type { ScoreKind } from './pair-scores.ts';

/** Embeddings of pictures, one after the other. */
export interface Features {
  readonly width: number;
  /** [pictures, width] */
  readonly values: Float32Array;
}

export function rowsOf({ width, values }: Features): number {
  assert(width >= 1 && values.length % width === 0, `${values.length} numbers in rows of ${width}`);
  return values.length / width;
}

/** Every row by its length; rows of zeros stay zero, so that their cosine with everything is 0. */
export function unitRows({ width, values }: Features): Features {
  const unit = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    const length = lengthOf(values, start, width);
    if (length === 0) continue;
    for (let i = start; i < start + width; i++) unit[i] = (values[i] ?? 0) / length;
  }
  return { width, values: unit };
}

function lengthOf(values: Float32Array, start: number, width: number): number {
  let squares = 0;
  for (let i = start; i < start + width; i++) squares += (values[i] ?? 0) ** 2;
  return Math.sqrt(squares);
}

/** Embeddings of the crops added to those of the mirrored crops, by their length: what `flip` of a protocol asks for. */
export function flipSum(straight: Features, mirrored: Features): Features {
  assert(straight.width === mirrored.width, `widths ${straight.width} and ${mirrored.width}`);
  assert(straight.values.length === mirrored.values.length, 'as many mirrored as straight embeddings');
  const values = straight.values.map((value, i) => value + (mirrored.values[i] ?? 0));
  return unitRows({ width: straight.width, values });
}

/**
 * Several models as one: their unit embeddings side by side, each divided by the root of their number, so that the
 * cosine of two rows is the mean of the models' cosines. (FaceX-Zoo halves the scores of two models; this is that.)
 */
export function ensemble(parts: readonly Features[]): Features {
  const rows = parts.map(rowsOf);
  const count = rows[0] ?? 0;
  assert(parts.length >= 1 && rows.every((one) => one === count), `${rows.join(', ')} rows side by side`);
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const values = new Float32Array(count * width);
  let offset = 0;
  for (const part of parts.map(unitRows)) {
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < part.width; i++) {
        values[row * width + offset + i] = (part.values[row * part.width + i] ?? 0) / Math.sqrt(parts.length);
      }
    }
    offset += part.width;
  }
  return { width, values };
}

/**
 * Scores of the pairs (first[i], second[i]), summed in double precision: cosines, or squared distances of the embeddings
 * by their length. A row of zeros has the cosine 0 and the squared distance 2 (that of what is at right angles).
 */
export function scorePairs(
  { width, values }: Features,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  kind: ScoreKind,
): Float64Array {
  assert(first.length === second.length, `${first.length} first and ${second.length} second pictures`);
  const lengths = new Map<number, number>();
  const known = (row: number): number => {
    const length = lengths.get(row) ?? lengthOf(values, row * width, width);
    lengths.set(row, length);
    return length;
  };
  return Float64Array.from({ length: first.length }, (_, pair) => {
    const [a, b] = [first[pair] ?? 0, second[pair] ?? 0];
    assert((Math.max(a, b) + 1) * width <= values.length, `pictures ${a} and ${b} have embeddings`);
    const [one, two] = [known(a), known(b)];
    if (one === 0 || two === 0) return kind === 'cosine' ? 0 : 2;
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const [x, y] = [(values[a * width + i] ?? 0) / one, (values[b * width + i] ?? 0) / two];
      sum += kind === 'cosine' ? x * y : (x - y) ** 2;
    }
    return sum;
  });
}
