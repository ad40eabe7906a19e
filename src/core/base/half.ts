/** Half precision (IEEE 754 binary16): a sign, five bits of exponent, ten of fraction. */

/** The largest finite one. */
export const largestHalf = 65504;

const smallestNormal = 2 ** -14;
/** What the last bit of the fraction is worth below the normal numbers. */
const subnormalUnit = 2 ** -24;

/**
 * The bits of the nearest number of half precision, ties to even. What is finite stays so: beyond the largest it becomes
 * the largest, since constants such as “lower than anything” mean no infinity.
 */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (size < smallestNormal) return sign | toEven(size / subnormalUnit);
  if (size >= largestHalf) return sign | 0x7bff;
  const exponent = Math.floor(Math.log2(size));
  // a logarithm may round up to the next power of two
  const power = 2 ** exponent > size ? exponent - 1 : exponent;
  const fraction = toEven((size / 2 ** power - 1) * 1024);
  // a fraction of 1024 carries into the exponent, which the sum does by itself
  return sign | ((power + 15) * 1024 + fraction);
}

/** The number that has these bits. */
export function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * subnormalUnit;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function toEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest > 0.5 ? below + 1 : below;
}
