import { clamped, type RgbImage } from '../base/image.ts';

export interface HsvFactors {
  readonly hue: number;
  readonly saturation: number;
  /** Of the value, the largest of the three channels. */
  readonly brightness: number;
}

/**
 * Multiplies hue, saturation and value of every pixel, in place; saturation and value end at 1. The hue is taken as an angle from
 * red, −180° to 180°: skin lies on both sides of red, and an angle from 0° to 360° would send its halves to other colours.
 */
export function scaleHsv({ data }: RgbImage, { hue, saturation, brightness }: HsvFactors): void {
  const out = clamped(data);
  for (let i = 0; i < data.length; i += 3) {
    const r = data[i] ?? 0;
    const g = data[i + 1] ?? 0;
    const b = data[i + 2] ?? 0;
    const most = Math.max(r, g, b);
    const range = most - Math.min(r, g, b);
    const value = Math.min(255, most * brightness);
    if (range === 0) {
      out[i] = value;
      out[i + 1] = value;
      out[i + 2] = value;
      continue;
    }
    // in sixths of the circle: red 0, green 2, blue −2
    let h = 0;
    if (most === r) h = (g - b) / range;
    else if (most === g) h = 2 + (b - r) / range;
    else h = (r - g) / range - 2;
    const chroma = value * Math.min(1, (range / most) * saturation);
    const turned = h * hue;
    out[i] = value - chroma * away(turned);
    out[i + 1] = value - chroma * away(turned - 2);
    out[i + 2] = value - chroma * away(turned + 2);
  }
}

/**
 * How much of the chroma a channel lacks whose colour is so many sixths of the circle away, −8 to 8: none up to 1, all from 2
 * on.
 */
function away(sixths: number): number {
  const far = sixths < 0 ? -sixths : sixths;
  const around = far > 3 ? (far > 6 ? far - 6 : 6 - far) : far; // the shorter way round: 0..3
  return around < 1 ? 0 : around > 2 ? 1 : around - 1;
}
