import type { OnnxModel } from '../../src/core/onnx/types.ts';
/**
 * The same model with one output multiplied by a number, which the convolution that makes it (through a Flatten or
 * nothing) takes into its weights. Throws `models/bad-source` where something else makes it.
 */
export declare function scaledOutput(model: OnnxModel, output: string, factor: number): OnnxModel;
