import { boolField, floatField, int8Field, int32Field, int32Vector, type Table } from './flatbuffer.ts';

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

export const noOptions: Options = {
  padding: 'valid',
  stride: [1, 1],
  dilation: [1, 1],
  filter: [1, 1],
  activation: 'none',
  axis: 0,
  keepDims: false,
  beta: 1,
  alpha: 0,
  newShape: [],
  alignCorners: false,
  halfPixelCentres: false,
};

/** Builtin codes of the TFLite schema that the converter or its messages know by name. */
const builtins: Readonly<Record<number, string>> = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  9: 'FULLY_CONNECTED',
  11: 'L2_NORMALIZATION',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  21: 'RELU6',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  25: 'SOFTMAX',
  28: 'TANH',
  34: 'PAD',
  36: 'GATHER',
  39: 'TRANSPOSE',
  40: 'MEAN',
  41: 'SUB',
  42: 'DIV',
  43: 'SQUEEZE',
  45: 'STRIDED_SLICE',
  49: 'SPLIT',
  54: 'PRELU',
  55: 'MAXIMUM',
  57: 'MINIMUM',
  59: 'NEG',
  65: 'SLICE',
  67: 'TRANSPOSE_CONV',
  70: 'EXPAND_DIMS',
  47: 'EXP',
  74: 'SUM',
  75: 'SQRT',
  76: 'RSQRT',
  82: 'REDUCE_MAX',
  83: 'PACK',
  97: 'RESIZE_NEAREST_NEIGHBOR',
  98: 'LEAKY_RELU',
  99: 'SQUARED_DIFFERENCE',
  101: 'ABS',
  117: 'HARD_SWISH',
  124: 'DENSIFY',
};

export function builtinName(code: number, custom: string): string {
  if (code === 32) return `CUSTOM ${custom}`;
  return builtins[code] ?? `BUILTIN ${code}`;
}

const activations: readonly Activation[] = ['none', 'relu', 'relu-n1-to-1', 'relu6', 'tanh'];
const activation = (table: Table, slot: number): Activation => activations[int8Field(table, slot)] ?? 'none';
const padding = (table: Table): Padding => (int8Field(table, 0) === 0 ? 'same' : 'valid');
/** Widths come before heights in the schema. */
const pair = (table: Table, slot: number, otherwise: number): [number, number] => [
  int32Field(table, slot + 1, otherwise),
  int32Field(table, slot, otherwise),
];

const decoders: Readonly<Record<string, (table: Table) => Partial<Options>>> = {
  CONV_2D: (t) => ({
    padding: padding(t),
    stride: pair(t, 1, 1),
    activation: activation(t, 3),
    dilation: pair(t, 4, 1),
  }),
  DEPTHWISE_CONV_2D: (t) => ({
    padding: padding(t),
    stride: pair(t, 1, 1),
    activation: activation(t, 4),
    dilation: pair(t, 5, 1),
  }),
  MAX_POOL_2D: (t) => pool(t),
  AVERAGE_POOL_2D: (t) => pool(t),
  TRANSPOSE_CONV: (t) => ({ padding: padding(t), stride: pair(t, 1, 1), activation: activation(t, 3) }),
  FULLY_CONNECTED: (t) => ({ activation: activation(t, 0), keepDims: boolField(t, 2) }),
  CONCATENATION: (t) => ({ axis: int32Field(t, 0), activation: activation(t, 1) }),
  ADD: (t) => ({ activation: activation(t, 0) }),
  SUB: (t) => ({ activation: activation(t, 0) }),
  MUL: (t) => ({ activation: activation(t, 0) }),
  DIV: (t) => ({ activation: activation(t, 0) }),
  SOFTMAX: (t) => ({ beta: floatField(t, 0) }),
  RESHAPE: (t) => ({ newShape: int32Vector(t, 0) }),
  RESIZE_BILINEAR: (t) => ({ alignCorners: boolField(t, 2), halfPixelCentres: boolField(t, 3) }),
  RESIZE_NEAREST_NEIGHBOR: (t) => ({ alignCorners: boolField(t, 0), halfPixelCentres: boolField(t, 1) }),
  MEAN: (t) => ({ keepDims: boolField(t, 0) }),
  SUM: (t) => ({ keepDims: boolField(t, 0) }),
  REDUCE_MAX: (t) => ({ keepDims: boolField(t, 0) }),
  SQUEEZE: (t) => ({ newShape: int32Vector(t, 0) }),
  LEAKY_RELU: (t) => ({ alpha: floatField(t, 0) }),
};

function pool(table: Table): Partial<Options> {
  return {
    padding: padding(table),
    stride: pair(table, 1, 1),
    filter: pair(table, 3, 1),
    activation: activation(table, 5),
  };
}

export function readOptions(kind: string, table: Table | null): Options {
  const decode = decoders[kind];
  return table === null || decode === undefined ? noOptions : { ...noOptions, ...decode(table) };
}
