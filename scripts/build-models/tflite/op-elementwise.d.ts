import type { OnnxNode } from '../../../src/core/onnx/types.ts';
import { type Conversion } from './context.ts';
import type { TfliteOperator } from './model.ts';
/** Adds a node and the activation that TFLite fused into it. `make` is given the name of the node's output. */
export declare function emitActivation(
  c: Conversion,
  operator: TfliteOperator,
  result: string,
  make: (output: string) => OnnxNode,
): void;
export declare function emitUnary(c: Conversion, operator: TfliteOperator): void;
export declare function emitBinary(c: Conversion, operator: TfliteOperator): void;
/** PRELU: x where x > 0, else slope·x; the slope has one value a channel. */
export declare function emitPrelu(c: Conversion, operator: TfliteOperator): void;
