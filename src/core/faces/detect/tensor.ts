import { assert } from '../../base/assert.ts';

/** What a network gave: numbers in rows, last dimension fastest. */
export interface RawTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Size in pixels of the picture that went into the network. */
export interface InputSize {
  readonly width: number;
  readonly height: number;
}

/** A tensor seen as rows of `columns` numbers: [1, rows, columns] or [rows, columns]. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** The tensor as rows; a batch must be of one picture. */
export function asRows(tensor: RawTensor): Rows {
  const columns = tensor.shape.at(-1) ?? 1;
  assert(columns > 0 && tensor.data.length % columns === 0, `rows of ${columns} in ${tensor.data.length}`);
  return { rows: tensor.data.length / columns, columns, data: tensor.data };
}

/** The tensors with rows of `columns` numbers, most rows (finest stride) first; equal ones stay in their order. */
export function withColumns(tensors: readonly RawTensor[], columns: number): Rows[] {
  return tensors
    .map(asRows)
    .filter((rows) => rows.columns === columns)
    .sort((a, b) => b.rows - a.rows);
}

/** 1 / (1 + e^−x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Whether all numbers could be probabilities; logits of many anchors always leave 0..1 somewhere. */
export function areProbabilities(data: Float32Array): boolean {
  for (const value of data) if (!(value >= -1e-3 && value <= 1 + 1e-3)) return false;
  return true;
}

/**
 * The probability of the second of two classes, for each row of [rows, 2]. Some exports end before the softmax: where
 * a row does not sum to 1 the numbers are taken for logits.
 */
export function secondClass(tensor: Rows): Float32Array {
  const { rows, data } = tensor;
  const out = new Float32Array(rows);
  let probabilities = areProbabilities(data);
  for (let i = 0; probabilities && i < rows; i++)
    probabilities = Math.abs((data[2 * i] ?? 0) + (data[2 * i + 1] ?? 0) - 1) < 1e-2;
  for (let i = 0; i < rows; i++) {
    const one = data[2 * i + 1] ?? 0;
    out[i] = probabilities ? one : sigmoid(one - (data[2 * i] ?? 0));
  }
  return out;
}
