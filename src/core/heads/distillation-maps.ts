import { assert, defined } from '../base/assert.ts';
import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { conv2d } from '../layers/conv2d.ts';
import { type Net, running } from '../layers/net.ts';
import { maxPool2d } from '../layers/pool.ts';
import { flatten, unitRows } from '../layers/shape.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { detach } from '../ops/detach.ts';
import { matmul } from '../ops/matmul.ts';
import { maximum } from '../ops/maximum.ts';
import { multiply, scale } from '../ops/multiply.ts';
import { reduceMean } from '../ops/reduce-sum.ts';
import { reshape } from '../ops/reshape.ts';
import { subtract } from '../ops/subtract.ts';

/** What a teacher's maps halfway teach. Names are those of `stageMaps`, or of values in an ONNX file. */
export interface MapLessons {
  /** The teacher's maps that are told, as they are for one picture. */
  readonly maps: readonly TeacherMap[];
  readonly flow: FlowLesson | null;
  readonly factors: FactorLesson | null;
}

export interface TeacherMap {
  readonly name: string;
  readonly channels: number;
  /** Of the square map. */
  readonly side: number;
}

export interface FlowLesson {
  readonly weight: number;
  /** Between each and the next; null: the student's first and last. */
  readonly student: readonly string[] | null;
  readonly teacher: readonly string[];
}

export interface FactorLesson {
  readonly weight: number;
  /** Null: the last. */
  readonly student: string | null;
  readonly teacher: string;
  /** Channels of the factors, as a share of the teacher's. */
  readonly share: number;
  /** Batches after which the student is told; before, only the paraphraser learns. */
  readonly after: number;
}

/** The teacher's maps that are asked for. */
export function toldMaps({ maps, flow, factors }: MapLessons): readonly TeacherMap[] {
  const asked = new Set([...(flow?.teacher ?? []), ...(factors ? [factors.teacher] : [])]);
  return maps.filter(({ name }) => asked.has(name));
}

/** Maps [n, channels, h, w] by name. */
export type Maps = ReadonlyMap<string, Value>;

/** A part of the loss: a single number, its name and how much it counts. */
export type Part = readonly [name: string, weight: number, part: Value];

/** What the student's maps lack of the teacher's. */
export function mapParts(net: Net, { flow, factors }: MapLessons, own: Maps, theirs: Maps): readonly Part[] {
  const parts: Part[] = [];
  const of = (maps: Maps, name: string): Value => defined(maps.get(name), `the map ${name}`);
  const names = [...own.keys()];
  if (flow) {
    const pair = flow.student ?? [defined(names[0], 'a map'), defined(names.at(-1), 'a map')];
    const students = pair.map((name) => of(own, name));
    const teachers = flow.teacher.map((name) => of(theirs, name));
    const met = students.map((map, i) => alike(net, `adapter.flow${i}`, map, teachers[i] ?? map));
    parts.push(['flow', flow.weight, flowLoss(met, teachers)]);
  }
  if (factors) {
    const student = of(own, factors.student ?? defined(names.at(-1), 'a map'));
    const { loss, rebuilt } = factorLoss(net, student, of(theirs, factors.teacher), factors.share);
    parts.push(['factors', factors.weight, multiply(loss, since(net, factors.after))]);
    parts.push(['paraphraser', 1, rebuilt]);
  }
  return parts;
}

/** With as many channels as another: through a 1×1 where they differ, as FitNets meets a wider teacher. */
function alike(net: Net, name: string, map: Value, other: Value): Value {
  const out = side(other.shape, 1);
  return side(map.shape, 1) === out ? map : conv2d(net, name, map, { out, kernel: 1 });
}

/**
 * How a network goes from one map to another, between each and the next (FSP, Yim et al. 2017): G[i, j] is the mean over the
 * places of the product of channel i of the one and j of the other, the larger map cut down by its maxima. The loss is the
 * mean of the squares of what G differs by from the teacher's; the paper has their sum.
 */
export function flowLoss(own: readonly Value[], theirs: readonly Value[]): Value {
  assert(own.length === theirs.length && own.length > 1, `flow between ${own.length} maps`);
  const parts = own.slice(1).map((later, i) => {
    const [before, their, theirLater] = [own[i], theirs[i], theirs[i + 1]].map((map) =>
      defined(map, 'a map'),
    );
    if (!before || !their || !theirLater) return scalar(0);
    const apart = subtract(flowOf(before, later), flowOf(their, theirLater));
    return reduceMean(multiply(apart, apart));
  });
  return scale(parts.reduce(add), 1 / parts.length);
}

/** [n, a, h, w] and [n, b, k, l] → [n, a, b]. */
function flowOf(before: Value, later: Value): Value {
  const [a, b] = sameSide(before, later);
  const places = side(a.shape, 2) * side(a.shape, 3);
  const rows = (x: Value): Value => reshape(x, [side(x.shape, 0), side(x.shape, 1), places]);
  return scale(matmul(rows(a), rows(b), { tb: true }), 1 / places);
}

/** The larger with the smaller's sides, by the largest of windows that cover it evenly. */
function sameSide(a: Value, b: Value): readonly [Value, Value] {
  const [sa, sb] = [side(a.shape, 2), side(b.shape, 2)];
  return [sa > sb ? shrunk(a, sb) : a, sb > sa ? shrunk(b, sa) : b];
}

function shrunk(x: Value, to: number): Value {
  const from = side(x.shape, 2);
  const stride = Math.floor(from / to);
  return maxPool2d(x, { kernel: from - (to - 1) * stride, stride });
}

/**
 * Factor transfer (Kim, Park and Kwak 2018). The paraphraser learns to say the teacher's map [n, c, h, w] in share·c channels
 * and back again: `rebuilt` is the mean square of what that loses. The translator makes factors of the student's map; `loss`
 * is the mean absolute difference of both sides' factors, each picture's at length 1. No derivative of `loss` comes to
 * the paraphraser.
 */
export function factorLoss(
  net: Net,
  own: Value,
  theirs: Value,
  share: number,
): { readonly loss: Value; readonly rebuilt: Value } {
  const c = side(theirs.shape, 1);
  const k = Math.max(1, Math.round(c * share));
  const factors = three(net, 'paraphraser.in', theirs, [c, k, k]);
  const lost = subtract(three(net, 'paraphraser.out', factors, [k, c, c]), theirs);
  const translated = three(net, 'translator', own, [side(own.shape, 1), k, k]);
  const [s, t] = sameSide(translated, detach(factors));
  const apart = subtract(unitRows(flatten(s)), unitRows(flatten(t)));
  return {
    loss: reduceMean(maximum(apart, scale(apart, -1))),
    rebuilt: reduceMean(multiply(lost, lost)),
  };
}

/** Three of convolution 3×3, normalisation and a leaky ReLU of 0.1, as the paper's networks are made of. */
function three(net: Net, name: string, x: Value, widths: readonly number[]): Value {
  return widths.reduce((before, out, i) => {
    const y = conv2d(net, `${name}${i}.conv`, before, { out, kernel: 3, padding: 1 });
    const z = batchNorm(net, `${name}${i}.bn`, y);
    return maximum(z, scale(z, 0.1));
  }, x);
}

/** 0 for so many batches, and then 1. */
function since(net: Net, batches: number): Value {
  const one = scalar(1);
  const now = running(net, 'translator.batches', [1], 0, (n) => add(n, one));
  return reshape(clip(subtract(now, scalar(batches - 1)), 0, 1), []);
}
