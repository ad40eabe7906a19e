import type { RgbImage } from '../base/image.ts';

/** Gaussian blur, in place: along the rows, then along the columns; beyond the edge the edge's pixel is repeated. */
export function blur({ width, height, data }: RgbImage, deviation: number): void {
  const weights = gaussian(deviation);
  const line = new Uint8Array((Math.max(width, height) + weights.length) * 3);
  for (let y = 0; y < height; y++) blurLine(data, y * width * 3, 3, width, weights, line);
  for (let x = 0; x < width; x++) blurLine(data, x * 3, width * 3, height, weights, line);
}

/** Weights of 2^15 for −radius..radius, up to three deviations; they sum to it. */
function gaussian(deviation: number): Int32Array {
  const radius = Math.ceil(3 * deviation);
  const shares = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)),
  );
  const sum = shares.reduce((total, share) => total + share, 0);
  const weights = Int32Array.from(shares, (share) => Math.round((share / sum) * 32768));
  const missing = 32768 - weights.reduce((total, weight) => total + weight, 0);
  weights[radius] = (weights[radius] ?? 0) + missing;
  return weights;
}

function blurLine(
  data: Uint8Array,
  at: number,
  step: number,
  length: number,
  weights: Int32Array,
  line: Uint8Array,
): void {
  const radius = (weights.length - 1) / 2;
  for (let i = -radius; i < length + radius; i++) {
    const from = at + Math.min(length - 1, Math.max(0, i)) * step;
    const to = (i + radius) * 3;
    line[to] = data[from] ?? 0;
    line[to + 1] = data[from + 1] ?? 0;
    line[to + 2] = data[from + 2] ?? 0;
  }
  for (let i = 0; i < length; i++) {
    let red = 16384;
    let green = 16384;
    let blue = 16384;
    for (let k = 0, p = i * 3; k < weights.length; k++, p += 3) {
      const weight = weights[k] ?? 0;
      red += (line[p] ?? 0) * weight;
      green += (line[p + 1] ?? 0) * weight;
      blue += (line[p + 2] ?? 0) * weight;
    }
    const to = at + i * step;
    data[to] = red >> 15;
    data[to + 1] = green >> 15;
    data[to + 2] = blue >> 15;
  }
}
