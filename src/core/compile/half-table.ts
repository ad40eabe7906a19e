/**
 * How a primitive runs where it is given numbers of half precision:
 * - `half`: in half precision. What only moves, compares or scales numbers, and the products, in which the time goes.
 * - `rounded`: in single precision, and the result, which is as large as what was taken, is rounded: what grows fast, or
 *   divides, or sums inside.
 * - `sum`: in single precision, and the result stays so where it is of many numbers: statistics, and derivatives by what is
 *   small. A sum of few is a picture again, and is rounded.
 * - `single`: in single precision: what decides, and what is never of pictures.
 * - `never`: only processors have it, and they train in single precision.
 */
export type HalfRule = 'half' | 'rounded' | 'sum' | 'single' | 'never';

/** Of every primitive but inputs and constants, by name. */
export const halfTable: Readonly<Record<string, HalfRule>> = {
  add: 'half',
  addAtLabel: 'single',
  affine: 'half', // x lost as many digits when it was rounded as this loses
  averagePool: 'half',
  blockedAffine: 'never',
  blockedConv: 'never',
  blockedFilterGradient: 'never',
  cast: 'single', // the compiler's own come afterwards
  clip: 'half',
  concat: 'half',
  conv: 'half',
  convAdjoint: 'half',
  cos: 'rounded',
  divide: 'rounded',
  erf: 'rounded',
  exp: 'rounded',
  expand: 'half',
  flip: 'half',
  fromBlocks: 'never',
  hardSigmoid: 'half',
  layerNorm: 'rounded',
  less: 'single',
  log: 'rounded',
  logSoftmax: 'rounded',
  matmul: 'half',
  maxPool: 'half',
  maximum: 'half',
  multiply: 'half',
  oneHot: 'single',
  pad: 'half',
  reduceMax: 'half',
  reduceSum: 'sum',
  reduceSumSquare: 'sum',
  relu: 'half',
  reshape: 'half',
  resize: 'half',
  sigmoid: 'half',
  sin: 'rounded',
  slice: 'half',
  slotMatmul: 'half',
  softmax: 'rounded',
  sqrt: 'rounded',
  step: 'half',
  subtract: 'half',
  takeAtLabel: 'single',
  toBlocks: 'never',
  transpose: 'half',
  where: 'single',
};

/** A sum of at most so many numbers is rounded back. */
export const fewNumbers = 4;
