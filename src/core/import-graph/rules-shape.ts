import { broadcast, count, range, side } from '../graph/shape.ts';
import type { Shape, Value } from '../graph/value.ts';
import { concat } from '../ops/concat.ts';
import { expand } from '../ops/expand.ts';
import { pad } from '../ops/pad.ts';
import { reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import { transpose } from '../ops/transpose.ts';
import { type Entry, isKnown } from './entry.ts';
import { shapeOf } from './fold-known.ts';
import { fromFront, type Reader } from './reader.ts';
import { computed, type Rule } from './rule.ts';
import type { Scope } from './scope.ts';
import { slicesOf } from './slices.ts';

/** Operators that move numbers about. */

/** The same numbers under another shape; what is known stays known. */
function relabelled(reader: Reader, shape: Shape): Entry {
  const entry = reader.entry(0);
  if (count(shapeOf(entry)) !== count(shape))
    return reader.refuse(`[${shapeOf(entry)}] cannot become [${shape}]`);
  if (isKnown(entry)) return { ...entry, name: reader.node.outputs[0] ?? entry.name, shape };
  return { value: reshape(entry.value, shape), learnt: entry.learnt };
}

/**
 * 0 is the side that it was, −1 what is left. A file written for so many pictures says that number first; here it is as
 * many as come.
 */
function reshaped(reader: Reader, scope: Scope): Entry {
  const entry = reader.entry(0);
  const from = shapeOf(entry);
  const wanted = reader.opset >= 5 ? reader.ints(1, 'the shape') : (reader.list('shape') ?? []);
  const keep = reader.int('allowzero', 0) === 0;
  const [first] = wanted;
  const batched = !isKnown(entry) && from[0] === scope.batch && first === scope.written && wanted.length > 0;
  const sides = wanted.map((length, i) =>
    i === 0 && batched ? scope.batch : length === 0 && keep ? (from[i] ?? 1) : length,
  );
  const rest = sides.filter((length) => length !== -1).reduce((a, b) => a * b, 1);
  return relabelled(
    reader,
    sides.map((length) => (length === -1 ? count(from) / rest : length)),
  );
}

function flattened(reader: Reader): Entry {
  const from = shapeOf(reader.entry(0));
  const axis = fromFront(reader.int('axis', 1), from.length);
  return relabelled(reader, [count(from.slice(0, axis)), count(from.slice(axis))]);
}

/** Axes as an input since version 13, as an attribute before. */
function axesOf(reader: Reader): readonly number[] | null {
  return reader.has(1) ? reader.ints(1, 'its axes') : reader.list('axes');
}

function squeezed(reader: Reader): Entry {
  const from = shapeOf(reader.entry(0));
  const axes = axesOf(reader)?.map((axis) => fromFront(axis, from.length));
  return relabelled(
    reader,
    from.filter((length, axis) => (axes === undefined ? length !== 1 : !axes.includes(axis))),
  );
}

function unsqueezed(reader: Reader): Entry {
  const from = [...shapeOf(reader.entry(0))];
  const axes = axesOf(reader) ?? [];
  const rank = from.length + axes.length;
  const places = axes.map((axis) => fromFront(axis, rank));
  return relabelled(
    reader,
    range(rank).map((axis) => (places.includes(axis) ? 1 : (from.shift() ?? 1))),
  );
}

function split(reader: Reader): Entry[] {
  const x = reader.value(0);
  const axis = fromFront(reader.int('axis', 0), x.shape.length);
  const length = side(x.shape, axis);
  const parts = reader.node.outputs.length;
  const given = reader.has(1) ? reader.ints(1, 'its parts') : reader.list('split');
  const each = Math.ceil(length / parts);
  const lengths = given ?? range(parts).map((i) => Math.min(each, length - i * each));
  let from = 0;
  return lengths.map((part) => {
    const starts = x.shape.map((_, i) => (i === axis ? from : 0));
    from += part;
    return { value: slice(x, starts, x.shape.with(axis, from)), learnt: reader.learnt };
  });
}

function padded(reader: Reader): Value {
  const x = reader.value(0);
  const mode = reader.text('mode', 'constant');
  if (mode !== 'constant') return reader.refuse(`its mode is ${mode}; only constant is known here`);
  const pads = reader.opset >= 11 ? reader.ints(1, 'how much') : (reader.list('pads') ?? []);
  const value = reader.has(2) ? (reader.known(2, 'with what').data[0] ?? 0) : reader.float('value', 0);
  const rank = x.shape.length;
  if (reader.has(3))
    return reader.refuse('it names axes; only padding that states all of them is known here');
  if (pads.some((by) => by < 0)) return reader.refuse('it cuts off, which a Slice does');
  return pad(x, pads.slice(0, rank), pads.slice(rank), value);
}

/** Picked along an axis by known numbers: slices beside one another. */
function gathered(reader: Reader): Value {
  const x = reader.value(0);
  const axis = fromFront(reader.int('axis', 0), x.shape.length);
  const indices = reader.known(1, 'which are picked');
  if (count(indices.shape) > 256)
    return reader.refuse(`it picks ${count(indices.shape)}; at most 256 are known here`);
  const parts = Array.from(indices.data, (given) => {
    const at = fromFront(given, side(x.shape, axis));
    const starts = x.shape.map((_, i) => (i === axis ? at : 0));
    return slice(x, starts, x.shape.with(axis, at + 1));
  });
  return reshape(concat(parts, axis), [
    ...x.shape.slice(0, axis),
    ...indices.shape,
    ...x.shape.slice(axis + 1),
  ]);
}

/** [n, c·b², h, w] → [n, c, h·b, w·b]. */
function depthToSpace(reader: Reader): Value {
  const x = reader.value(0);
  const b = reader.int('blocksize', 1);
  const [n, channels, h, w] = [side(x.shape, 0), side(x.shape, 1), side(x.shape, 2), side(x.shape, 3)];
  const c = channels / (b * b);
  const blocksFirst = reader.text('mode', 'DCR') === 'DCR';
  const cut = reshape(x, blocksFirst ? [n, b, b, c, h, w] : [n, c, b, b, h, w]);
  const turned = transpose(cut, blocksFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  return reshape(turned, [n, c, h * b, w * b]);
}

const itself: Rule = (reader) => reader.entry(0);

export const shapeRules: readonly (readonly [string, Rule])[] = [
  [
    'Cast',
    (reader) =>
      [1, 10, 11, 16].includes(reader.int('to', 1))
        ? reader.entry(0)
        : reader.refuse('it makes whole numbers of what is computed'),
  ],
  [
    'Concat',
    computed((reader) => {
      const values = reader.entries.map((_, i) => reader.value(i));
      return concat(values, fromFront(reader.int('axis', 1), values[0]?.shape.length ?? 0));
    }),
  ],
  ['DepthToSpace', computed(depthToSpace)],
  ['Dropout', itself], // a file for inference has none at work
  [
    'Expand',
    computed((reader) => {
      const x = reader.value(0);
      return expand(x, broadcast(x.shape, reader.ints(1, 'the shape')));
    }),
  ],
  ['Flatten', flattened],
  ['Gather', computed(gathered)],
  ['Identity', itself],
  ['Pad', computed(padded)],
  ['Reshape', reshaped],
  [
    'Slice',
    computed((reader) => {
      const x = reader.value(0);
      const { starts, ends, steps } = slicesOf(reader, x.shape);
      return slice(x, starts, ends, steps);
    }),
  ],
  ['Split', split],
  ['Squeeze', squeezed],
  [
    'Transpose',
    computed((reader) => {
      const x = reader.value(0);
      return transpose(x, reader.list('perm') ?? range(x.shape.length).reverse());
    }),
  ],
  ['Unsqueeze', unsqueezed],
];
