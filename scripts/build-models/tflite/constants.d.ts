import type { TfliteModel, TfliteTensor } from './model.ts';
export declare function tensorAt(model: TfliteModel, index: number | undefined): TfliteTensor;
/** A constant's values: float32, float16 widened, or int32. Row-major in the tensor's own shape. */
export declare function constantValues(model: TfliteModel, tensor: TfliteTensor): Float32Array | Int32Array;
export declare function floatConstant(model: TfliteModel, index: number | undefined): Float32Array;
export declare function intConstant(model: TfliteModel, index: number | undefined): number[];
/** IEEE 754 half precision: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
export declare function halfToNumber(bits: number): number;
