import type { OnnxModel } from '../../../src/core/onnx/types.ts';
import { type ConvertOptions } from './context.ts';
import type { TfliteModel } from './model.ts';
/**
 * A TFLite model as an ONNX model. Inputs [n, h, w, c] become [batch, c, h, w]; so do outputs, and those of one place
 * ([n, 1, 1, c]) become [batch, c]. The batch is free. Throws `models/bad-source` on what it cannot convert.
 */
export declare function convertTflite(source: TfliteModel, options: ConvertOptions): OnnxModel;
