import { type Table } from './flatbuffer.ts';
export type Padding = 'same' | 'valid';
export type Activation = 'none' | 'relu' | 'relu-n1-to-1' | 'relu6' | 'tanh';
/** What an operator's options table holds, decoded; what its kind doesn't have stays at these defaults. */
export interface Options {
  readonly padding: Padding;
  /** [height, width], like all pairs here. */
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly filter: readonly [number, number];
  readonly activation: Activation;
  readonly axis: number;
  readonly keepDims: boolean;
  readonly beta: number;
  readonly alpha: number;
  readonly newShape: readonly number[];
  readonly alignCorners: boolean;
  readonly halfPixelCentres: boolean;
}
export declare const noOptions: Options;
export declare function builtinName(code: number, custom: string): string;
export declare function readOptions(kind: string, table: Table | null): Options;
