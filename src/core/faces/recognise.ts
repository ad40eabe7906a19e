import { blazefaceAnchors } from './detect/blazeface.ts';
import { priorCount } from './detect/priors.ts';
import { retinafaceLevels } from './detect/retinaface.ts';
import { ultrafaceLevels } from './detect/ultraface.ts';
import { givesFive } from './five.ts';

/** A tensor's shape as a file declares it; null where a dimension may be anything. */
export type Shape = readonly (number | null)[];

/** How pictures go in: the order of the dimensions, the channels, and the size, null where it is free. */
export interface InputLayout {
  readonly layout: 'nchw' | 'nhwc';
  readonly channels: 1 | 3;
  readonly width: number | null;
  readonly height: number | null;
}

export type SingleNetwork = 'yunet' | 'scrfd' | 'retinaface' | 'ultraface' | 'blazeface';

/** What the shapes of a network's inputs and outputs say that it is; `text` says it in words. */
export type Recognised =
  | {
      readonly task: 'detector';
      readonly layout: SingleNetwork;
      readonly points: boolean;
      readonly input: InputLayout;
      readonly text: string;
    }
  | { readonly task: 'embedding'; readonly size: number; readonly input: InputLayout; readonly text: string }
  | {
      readonly task: 'landmarks';
      readonly points: number;
      readonly dimensions: 2 | 3;
      readonly input: InputLayout;
      readonly text: string;
    }
  | { readonly task: null; readonly text: string };

/** Lengths of landmark outputs that are no embedding's: numbers of points with two or three coordinates. */
const landmarkLengths: ReadonlyMap<number, readonly [points: number, dimensions: 2 | 3]> = new Map([
  [10, [5, 2]],
  [136, [68, 2]],
  [196, [98, 2]],
  [204, [68, 3]],
  [212, [106, 2]],
  [936, [468, 2]],
  [956, [478, 2]],
  [1404, [468, 3]],
  [1434, [478, 3]],
]);

/** Embeddings have at least this many numbers; below that an output is some attribute (age, gender, liveness). */
const leastEmbedding = 64;

/**
 * Recognises a detector's layout, an embedding or a landmark model from shapes alone: never from names. What shapes
 * cannot say (colour order, mean, threshold) is for the user; where several layouts fit, or none, `task` is null.
 */
export function recognise(inputs: readonly Shape[], outputs: readonly Shape[]): Recognised {
  const input = inputs.length === 1 ? inputLayout(inputs[0] ?? []) : null;
  if (!input)
    return {
      task: null,
      text:
        inputs.length === 1
          ? `its input ${shapeText(inputs[0] ?? [])} is no picture: 1 or 3 channels of height and width, in a batch`
          : `it has ${inputs.length} inputs instead of one picture`,
    };
  const rows = outputs.map(asRows);
  const columns = rows.map((row) => row?.columns ?? 0);
  return (
    detector(rows, columns, input) ?? cascade(outputs) ?? vector(outputs, input) ?? unknown(outputs, input)
  );
}

function inputLayout(shape: Shape): InputLayout | null {
  if (shape.length !== 4) return null;
  const [, a = null, b = null, c = null] = shape;
  if (a === 1 || a === 3) return { layout: 'nchw', channels: a, height: b, width: c };
  if (c === 1 || c === 3) return { layout: 'nhwc', channels: c, height: a, width: b };
  return null;
}

interface RowShape {
  readonly rows: number | null;
  readonly columns: number;
  /** False for [?, columns], whose rows may be anchors or the pictures of a batch. */
  readonly anchors: boolean;
}

/** [1, rows, columns] or [rows, columns]; null for other shapes. */
function asRows(shape: Shape): RowShape | null {
  const columns = shape.at(-1);
  if (columns === null || columns === undefined) return null;
  if (shape.length === 2) return { rows: shape[0] ?? null, columns, anchors: (shape[0] ?? null) !== null };
  if (shape.length === 3 && (shape[0] === 1 || shape[0] === null))
    return { rows: shape[1] ?? null, columns, anchors: true };
  return null;
}

function detector(
  rows: readonly (RowShape | null)[],
  columns: readonly number[],
  input: InputLayout,
): Recognised | null {
  if (input.channels !== 3 || rows.includes(null)) return null;
  const count = (wanted: number): number => columns.filter((c) => c === wanted).length;
  const only = (...wanted: number[]): boolean => columns.every((c) => wanted.includes(c));
  const total = (wanted: number): number | null =>
    rows
      .filter((row) => row?.columns === wanted)
      .reduce<number | null>((sum, row) => {
        return sum === null || row?.rows === null || row === null ? null : sum + row.rows;
      }, 0);
  const make = (layout: SingleNetwork, points: boolean, text: string): Recognised => ({
    task: 'detector',
    layout,
    points,
    input,
    text,
  });
  const { width, height } = input;
  const size = width !== null && height !== null ? { width, height } : null;
  const sizeText = size ? `${size.width}×${size.height}` : 'any size';

  if (only(1, 4, 10) && count(1) === 6 && count(4) === 3 && count(10) === 3)
    return make(
      'yunet',
      true,
      `YuNet layout: class, objectness, box and points at strides 8, 16, 32; ${sizeText}`,
    );
  const strides = count(1);
  const pairs = strides === count(4) && (count(10) === 0 || count(10) === strides);
  if (only(1, 4, 10) && pairs && (strides === 3 || strides === 5)) {
    const cells = size ? scrfdCells(size.width, size.height, strides) : null;
    const scores = total(1);
    if (cells === null || scores === null || scores % cells === 0)
      return make('scrfd', count(10) > 0, `SCRFD layout: ${strides} strides; ${sizeText}`);
  }
  const anchors = total(4);
  const sure = rows.every((row) => row?.anchors);
  if (sure && only(2, 4, 10) && count(2) === 1 && count(4) === 1 && count(10) === 1) {
    if (fits(anchors, size && priorCount(retinafaceLevels, size)))
      return make(
        'retinaface',
        true,
        `RetinaFace layout: ${anchors ?? 'any number of'} anchors for ${sizeText}`,
      );
  }
  if (sure && only(2, 4) && count(2) === 1 && count(4) === 1 && columns.length === 2) {
    if (fits(anchors, size && priorCount(ultrafaceLevels, size)))
      return make(
        'ultraface',
        false,
        `UltraFace layout: ${anchors ?? 'any number of'} anchors for ${sizeText}`,
      );
  }
  if (sure && only(1, 16) && count(1) === 1 && count(16) === 1) {
    const boxes = total(16);
    if (size && boxes !== null && blazefaceAnchors(boxes, size))
      return make('blazeface', false, `BlazeFace layout: ${boxes} anchors for ${sizeText}`);
  }
  return null;
}

function scrfdCells(width: number, height: number, strides: number): number {
  let cells = 0;
  for (let level = 0; level < strides; level++)
    cells += Math.ceil(width / (8 << level)) * Math.ceil(height / (8 << level));
  return cells;
}

/** Whether a declared number of rows agrees with the number of anchors, as far as both are known. */
function fits(rows: number | null, anchors: number | null): boolean {
  return rows === null || anchors === null || rows === anchors;
}

/** A part of MTCNN, which alone is of no use. */
function cascade(outputs: readonly Shape[]): Recognised | null {
  // P-Net [?, 2, ?, ?] and [?, 4, ?, ?]; R-Net [?, 2] and [?, 4]; O-Net these and [?, 10]
  const widths = outputs.map((shape) => shape[1] ?? 0);
  if (widths.includes(2) && widths.includes(4) && widths.every((width) => [2, 4, 10].includes(width)))
    return {
      task: null,
      text: 'it looks like one of the three networks of MTCNN, which need a card that names all three',
    };
  return null;
}

/** One vector per picture: an embedding or the points of landmarks. */
function vector(outputs: readonly Shape[], input: InputLayout): Recognised | null {
  const lengths = outputs.map((shape) => {
    const rest = shape.slice(1);
    return rest.includes(null) || rest.length === 0 ? 0 : rest.reduce<number>((n, s) => n * (s ?? 0), 1);
  });
  const flat = (index: number): boolean => (outputs[index] ?? []).slice(1).filter((s) => s !== 1).length <= 1;
  for (const [index, length] of lengths.entries()) {
    const points = landmarkLengths.get(length);
    const asTable = outputs[index]?.at(-1) === points?.[1];
    if (points && (flat(index) || asTable))
      return {
        task: 'landmarks',
        points: points[0],
        dimensions: points[1],
        input,
        text: `landmarks: ${points[0]} points of ${points[1]} coordinates${givesFive(points[0]) ? '' : ', whose order is not known'}`,
      };
  }
  const vectors = lengths.filter((length, index) => flat(index) && length >= leastEmbedding);
  const [length] = vectors;
  const side = input.width !== null && input.width === input.height;
  if (length !== undefined && vectors.length === 1 && outputs.length === 1 && side)
    return {
      task: 'embedding',
      size: length,
      input,
      text: `embedding of ${length} numbers from crops of ${input.width}×${input.height}`,
    };
  return null;
}

function unknown(outputs: readonly Shape[], input: InputLayout): Recognised {
  const size = `${input.width ?? '?'}×${input.height ?? '?'}`;
  return {
    task: null,
    text: `a picture of ${size} gives ${outputs.map(shapeText).join(', ')}, which no known layout has`,
  };
}

function shapeText(shape: Shape): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}
