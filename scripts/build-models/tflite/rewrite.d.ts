import type { TfliteModel } from './model.ts';
/**
 * Rewrites that undo what older exporters did to a graph: half-precision weights widened at run time, PReLU and
 * softmax taken apart. Each rule is pattern, check, rewrite, and computes the same up to rounding.
 */
export declare function simplifyTflite(model: TfliteModel): TfliteModel;
