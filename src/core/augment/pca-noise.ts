import { clamped, type RgbImage } from '../base/image.ts';

/** Principal components of the colours of ImageNet's pixels (0..1), as published with AlexNet's re-implementations. */
const eigenvalues = [0.2175, 0.0188, 0.0045] as const;
/** [red, green, blue] × [component] */
const eigenvectors = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
] as const;

/**
 * Adds Σ αᵢ·λᵢ·pᵢ to every pixel, in place (Krizhevsky et al. 2012, section 4.1): one change of colour for the whole picture.
 * `alphas` are numbers of a normal distribution, one for each component.
 */
export function addPcaNoise({ data }: RgbImage, alphas: readonly [number, number, number]): void {
  const [red, green, blue] = eigenvectors.map((row) =>
    row.reduce((sum, p, i) => sum + p * (eigenvalues[i] ?? 0) * (alphas[i] ?? 0) * 255, 0),
  );
  const out = clamped(data);
  for (const [channel, shift] of [red ?? 0, green ?? 0, blue ?? 0].entries()) {
    for (let i = channel; i < out.length; i += 3) out[i] = (out[i] ?? 0) + shift;
  }
}
