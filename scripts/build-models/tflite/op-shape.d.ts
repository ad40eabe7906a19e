import { type Conversion } from './context.ts';
import type { TfliteOperator } from './model.ts';
/** RESHAPE sees TFLite's order; a map of one place has the same order in both. The batch stays free. */
export declare function emitReshape(c: Conversion, operator: TfliteOperator): void;
/**
 * FULLY_CONNECTED, weights [out, in]. A map that comes in is flattened as TFLite has it, [height, width, channels];
 * the weights' columns are reordered instead of the map.
 */
export declare function emitFullyConnected(c: Conversion, operator: TfliteOperator): void;
/** PAD with zeros; TFLite's table is [rank, 2], ONNX's all begins and then all ends. */
export declare function emitPad(c: Conversion, operator: TfliteOperator): void;
export declare function emitConcat(c: Conversion, operator: TfliteOperator): void;
/** SOFTMAX over the last axis, which is the planar order's channels. */
export declare function emitSoftmax(c: Conversion, operator: TfliteOperator): void;
/** RESIZE_BILINEAR to a constant size [height, width]. */
export declare function emitResize(c: Conversion, operator: TfliteOperator): void;
/** MEAN over height and width that keeps them: the global average. */
export declare function emitMean(c: Conversion, operator: TfliteOperator): void;
export declare function emitLeakyRelu(c: Conversion, operator: TfliteOperator): void;
