import { assert } from '../../core/base/assert.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { Preprocessing } from '../../core/contract/model-card.ts';
import { type Area, samplePlanes } from '../../core/faces/resample.ts';
import type { Tensor } from '../engine/tensor.ts';

/** A part of a picture that becomes one entry of a batch; `mips` are the picture's halvings, itself first. */
export interface Patch {
  readonly mips: readonly RgbImage[];
  readonly area: Area;
}

/** The number of a card's list for a channel; a list of one holds for all. */
function at(list: readonly number[], channel: number): number {
  return list[list.length === 1 ? 0 : channel] ?? 0;
}

/**
 * Patches as the network's input of `width`×`height` pixels: [n, 3, h, w] or [n, h, w, 3], or one grey channel, each
 * number (pixel·scale − mean) / std as the card says. What lies outside the picture is black.
 */
export function inputTensor(
  patches: readonly Patch[],
  input: Preprocessing,
  width: number,
  height: number,
): Tensor<Float32Array> {
  const plane = width * height;
  const channels = input.colour === 'grey' ? 1 : 3;
  const data = new Float32Array(patches.length * channels * plane);
  const rgb = input.colour === 'grey' ? new Float32Array(3 * plane) : data;
  for (const [n, { mips, area }] of patches.entries()) {
    if (input.colour === 'grey') {
      samplePlanes(mips, area, width, height, {
        out: rgb,
        offsets: [0, plane, 2 * plane],
        scale: [1, 1, 1],
        shift: [0, 0, 0],
      });
      toGrey(rgb, input, data.subarray(n * plane, (n + 1) * plane));
      continue;
    }
    // red, green and blue are channels 0, 1, 2 of the input, or 2, 1, 0
    const order = input.colour === 'rgb' ? ([0, 1, 2] as const) : ([2, 1, 0] as const);
    const scale = order.map((c) => input.scale / at(input.std, c));
    const shift = order.map((c) => -at(input.mean, c) / at(input.std, c));
    samplePlanes(mips, area, width, height, {
      out: data,
      offsets: [order[0], order[1], order[2]].map((c) => (3 * n + c) * plane) as [number, number, number],
      scale: scale as [number, number, number],
      shift: shift as [number, number, number],
    });
  }
  const n = patches.length;
  if (input.layout === 'nchw') return { shape: [n, channels, height, width], data };
  return { shape: [n, height, width, channels], data: channelsLast(data, n, channels, plane) };
}

/** Grey = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). */
function toGrey(rgb: Float32Array, input: Preprocessing, out: Float32Array): void {
  const plane = out.length;
  assert(rgb.length === 3 * plane, 'three planes');
  const mean = at(input.mean, 0);
  const std = at(input.std, 0);
  for (let i = 0; i < plane; i++) {
    const grey = 0.299 * (rgb[i] ?? 0) + 0.587 * (rgb[i + plane] ?? 0) + 0.114 * (rgb[i + 2 * plane] ?? 0);
    out[i] = (grey * input.scale - mean) / std;
  }
}

function channelsLast(data: Float32Array, n: number, channels: number, plane: number): Float32Array {
  if (channels === 1) return data;
  const out = new Float32Array(data.length);
  for (let image = 0; image < n; image++) {
    const start = image * channels * plane;
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < plane; i++) out[start + i * channels + c] = data[start + c * plane + i] ?? 0;
    }
  }
  return out;
}

/** The whole picture, fitted into the network's input from the top left corner, black at the right or below. */
export interface Letterbox {
  readonly width: number;
  readonly height: number;
  /** Input pixels per picture pixel. */
  readonly scale: number;
  readonly area: Area;
}

/** How a picture goes into a detector's input: a fixed size, or any whose sides are multiples of the card's number. */
export function letterbox(image: RgbImage, input: Preprocessing, maxSide: number): Letterbox {
  const fixed = input.width !== null && input.height !== null;
  const longer = Math.max(image.width, image.height);
  const scale =
    input.width !== null && input.height !== null
      ? Math.min(input.width / image.width, input.height / image.height)
      : Math.min(1, maxSide / longer);
  const up = (side: number): number => Math.ceil((side * scale) / input.multipleOf - 1e-9) * input.multipleOf;
  const width = fixed && input.width !== null ? input.width : up(image.width);
  const height = fixed && input.height !== null ? input.height : up(image.height);
  return { width, height, scale, area: { x: 0, y: 0, width: width / scale, height: height / scale } };
}
