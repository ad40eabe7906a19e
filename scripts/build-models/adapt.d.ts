import type { OnnxModel } from '../../src/core/onnx/types.ts';
/**
 * An old ONNX export made ready: operator set 18, free batch, inputs and outputs with the names that are given.
 * Throws `models/bad-source` where the graph has an operator for which that isn't safe.
 */
export declare function modernised(
  model: OnnxModel,
  inputs: readonly string[],
  outputs: readonly string[],
): OnnxModel;
