import type { Operator, Shape, Value } from '../graph/value.ts';
import { type ConvAttributes } from './conv-shape.ts';
/** `block` channels lie side by side in memory: what the processor's vectors hold, 8 or 16. */
export type BlockedConvAttributes = ConvAttributes & {
    readonly block: number;
};
/** The operator set in which onnxruntime keeps its kernels for channels in blocks. */
export declare const blockedDomain = "com.microsoft.nchwc";
export declare function canBlock(w: Shape, attributes: ConvAttributes, block: number): boolean;
/**
 * A depthwise convolution by onnxruntime's kernels for blocked channels, two to three times as fast as `Conv` with the
 * way there and back. onnxruntime itself uses them for constant filters only; here the filters are put in order at run
 * time. Which blocks a processor has is for the engine to find out.
 */
export declare const blockedConvOp: Operator<BlockedConvAttributes>;
export declare function blockedConv(x: Value, filters: Value, attributes: BlockedConvAttributes): Value;
