import { type Conversion } from './context.ts';
import type { TfliteOperator } from './model.ts';
/** CONV_2D (filter [out, kh, kw, in]) and DEPTHWISE_CONV_2D (filter [1, kh, kw, in·multiplier]) as Conv. */
export declare function emitConv(c: Conversion, operator: TfliteOperator): void;
/** MAX_POOL_2D and AVERAGE_POOL_2D; padding counts in neither. */
export declare function emitPool(c: Conversion, operator: TfliteOperator): void;
