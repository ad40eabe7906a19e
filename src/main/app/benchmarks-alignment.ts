import { Cancelled } from '../../core/base/errors.ts';
import type { AlignmentCheck } from '../../core/contract/benchmarks.ts';
import { type TemplateFit, templateFit } from '../../core/faces/template-fit.ts';
import type { Points5 } from '../../core/faces/types.ts';
import { warp } from '../../core/faces/warp.ts';
import { decodeCrop, encodeCrop } from '../images/encode.ts';
import { imageColumns } from '../store/benchmark-crops.ts';
import { requireReady } from './benchmarks.ts';
import type { Context } from './context.ts';

/** Side of the picture that a crop is laid in the middle of, and the crop's side there: detectors want space around a face. */
const canvas = 448;
const inside = 224;
/** Of the pictures that were looked at, so many must have a face for anything to be said. */
const enoughFound = 0.3;
const fewestFound = 3;
/** What is further from the template than this costs accuracy. */
const most = { scale: 0.1, turn: 6, shift: 5, error: 0.25 } as const;

/**
 * Finds faces again in some of a benchmark's crops, drawn evenly, and compares their points with the template that
 * networks expect: crops that lie otherwise are the commonest reason for numbers that are too low.
 * Errors: `benchmark/unknown`, `benchmark/not-ready`, `Cancelled`.
 */
export async function checkAlignment(
  context: Context,
  wish: { readonly benchmark: number; readonly pictures: number },
  signal: AbortSignal,
): Promise<AlignmentCheck> {
  const { store, library } = context;
  const { id } = requireReady(store, wish.benchmark);
  const crops = [...new Set(imageColumns(store, id).crops.flatMap((crop) => crop ?? []))];
  const looked = Math.min(wish.pictures, crops.length);
  const faces: Points5[] = [];
  for (let i = 0; i < looked; i++) {
    if (signal.aborted) throw new Cancelled();
    const bytes = await library.read('crops', crops[Math.floor((i * crops.length) / looked)] ?? '');
    const points = bytes === null ? null : await pointsIn(context, bytes);
    if (points !== null) faces.push(points);
  }
  return judged(looked, faces);
}

/** The five points of the best face in a crop, in pixels of 112; null where none is found. */
async function pointsIn({ recogniser }: Context, crop: Uint8Array): Promise<Points5 | null> {
  const image = await decodeCrop(crop);
  const a = inside / image.width;
  const start = (canvas - inside) / 2;
  const move = start + 0.5 * a - 0.5; // pixels' centres are at whole numbers
  const laid = warp(image, { a, b: 0, tx: move, ty: move, reflect: false }, canvas);
  const picture = await encodeCrop(laid);
  const { faces } = await recogniser.use((methods) => methods.find({ picture, name: 'a crop' }));
  const best = faces.toSorted((one, other) => other.box.width - one.box.width)[0];
  return best?.points.map((value) => ((value + 0.5 - start) * 112) / inside - 0.5) ?? null;
}

/** What found points say of crops. */
export function judged(looked: number, faces: readonly Points5[]): AlignmentCheck {
  const fit = templateFit(faces);
  const found = faces.length;
  const nothing = { error: 0, scale: 1, turn: 0, shift: [0, 0] } as const;
  const told = { looked, found, ...(fit ?? nothing) };
  if (fit === null || found < Math.max(fewestFound, enoughFound * looked)) {
    const advice =
      'Too few faces were found again to tell. Look at some crops: eyes should lie at 46 % of the height, a third of the width apart.';
    return { ...told, verdict: 'unknown', advice };
  }
  const faults = faultsOf(fit);
  if (faults.length === 0) {
    return { ...told, verdict: 'fits', advice: 'The crops lie as networks expect them.' };
  }
  const advice = `${sentence(faults)}. Import the benchmark again with faces to be found, so that they are aligned as networks expect them.`;
  return { ...told, verdict: 'off', advice };
}

function faultsOf({ error, scale, turn, shift: [x, y] }: TemplateFit): string[] {
  const faults: string[] = [];
  const percent = Math.round(100 * Math.abs(scale - 1));
  if (Math.abs(scale - 1) > most.scale)
    faults.push(`faces are ${percent} % too ${scale < 1 ? 'small' : 'large'}`);
  if (Math.abs(turn) > most.turn) faults.push(`they are turned by ${Math.round(turn)}°`);
  if (Math.hypot(x, y) > most.shift) {
    const ways = [
      ...(Math.abs(x) > 1 ? [`${Math.round(Math.abs(x))} pixels to the ${x < 0 ? 'left' : 'right'}`] : []),
      ...(Math.abs(y) > 1 ? [`${Math.round(Math.abs(y))} pixels ${y < 0 ? 'up' : 'down'}`] : []),
    ];
    faults.push(`they lie ${ways.join(' and ')} of where they should`);
  }
  if (faults.length === 0 && error > most.error)
    faults.push('faces lie here and there, as if they were not aligned');
  return faults;
}

function sentence(faults: readonly string[]): string {
  const text = faults.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
