import type { TfliteModel, TfliteOperator, TfliteTensor } from '../../scripts/build-models/tflite/model.ts';
import { noOptions, type Options } from '../../scripts/build-models/tflite/operators.ts';

/** Puts a TFLite graph together by hand. Every method gives the number of the tensor that it made. */
export interface GraphBuilder {
  input(shape: readonly number[]): number;
  floats(shape: readonly number[], values: ArrayLike<number>): number;
  ints(values: readonly number[], shape?: readonly number[]): number;
  /** `shape` is the result's, as a file would declare it. */
  op(kind: string, inputs: readonly number[], shape: readonly number[], options?: Partial<Options>): number;
  model(...outputs: readonly number[]): TfliteModel;
}

export function graphBuilder(): GraphBuilder {
  const tensors: TfliteTensor[] = [];
  const inputs: number[] = [];
  const operators: TfliteOperator[] = [];
  const add = (shape: readonly number[], type: 'float32' | 'int32', data: Uint8Array | null): number =>
    tensors.push({ name: `tensor${tensors.length}`, shape, type, data }) - 1;
  return {
    input: (shape) => {
      const index = add(shape, 'float32', null);
      inputs.push(index);
      return index;
    },
    floats: (shape, values) => add(shape, 'float32', new Uint8Array(Float32Array.from(values).buffer)),
    ints: (values, shape = [values.length]) =>
      add(shape, 'int32', new Uint8Array(Int32Array.from(values).buffer)),
    op: (kind, operands, shape, options = {}) => {
      const output = add(shape, 'float32', null);
      operators.push({ kind, inputs: operands, outputs: [output], options: { ...noOptions, ...options } });
      return output;
    },
    model: (...outputs) => ({ name: 'by hand', tensors, inputs, outputs, operators }),
  };
}
