import { broadcast, count, range, side } from '../graph/shape.ts';
import type { Shape } from '../graph/value.ts';
import type { Entry, Known } from './entry.ts';
import { isKnown } from './entry.ts';
import { fromFront, nameOf, type Reader } from './reader.ts';
import { slicesOf } from './slices.ts';
import { knownOf } from './tensors.ts';

/**
 * What follows from known numbers alone is computed here: the arithmetic of shapes and axes that exporters leave in a
 * graph, and weights that are turned before they are used. Null where the operator is none of these.
 */
export function foldKnown(reader: Reader): Known[] | null {
  const { node } = reader;
  const result = (shape: Shape, data: ArrayLike<number>, whole: boolean): Known[] => [
    { name: node.outputs[0] ?? nameOf(node), shape, data, whole },
  ];
  if (node.op === 'Constant') return constantOf(reader);
  if (node.op === 'Shape' || node.op === 'Size') {
    const shape = shapeOf(reader.entry(0));
    if (node.op === 'Size') return result([], [count(shape)], true);
    const from = fromFront(reader.int('start', 0), shape.length);
    const sides = shape.slice(from, fromFront(reader.int('end', shape.length), shape.length));
    return result([sides.length], sides, true);
  }
  const known = reader.entries.flatMap((entry) => (entry !== null && isKnown(entry) ? [entry] : []));
  const there = reader.entries.filter((entry) => entry !== null).length;
  const [x] = known;
  if (x === undefined || known.length < there) return null;
  const whole = known.every((one) => one.whole);
  const one = ones[node.op];
  if (one) return result(x.shape, Array.from(x.data, one), whole || node.op === 'Not');
  const several = pairs[node.op];
  if (several) {
    const shape = known.map((each) => each.shape).reduce(broadcast);
    const data = picked(shape, (index) => known.map((each) => at(each, index)).reduce(several));
    const truncated = node.op === 'Div' && whole ? data.map(Math.trunc) : data;
    return result(shape, truncated, whole || comparing.has(node.op));
  }
  switch (node.op) {
    case 'Identity':
      return result(x.shape, x.data, x.whole);
    case 'Cast': {
      const to = reader.int('to', 1);
      const floats = [1, 10, 11, 16].includes(to);
      return result(x.shape, floats ? x.data : Array.from(x.data, Math.trunc), !floats);
    }
    case 'Concat': {
      const axis = fromFront(reader.int('axis', 0), x.shape.length);
      const lengths = known.map((each) => side(each.shape, axis));
      const shape = x.shape.with(
        axis,
        lengths.reduce((a, b) => a + b, 0),
      );
      const data = picked(shape, (index) => {
        let place = index[axis] ?? 0;
        for (const [i, each] of known.entries()) {
          const length = lengths[i] ?? 0;
          if (place < length) return at(each, index.with(axis, place));
          place -= length;
        }
        return Number.NaN;
      });
      return result(shape, data, whole);
    }
    case 'Gather': {
      const axis = fromFront(reader.int('axis', 0), x.shape.length);
      const indices = reader.known(1, 'what is gathered');
      const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
      const data = picked(shape, (index) => {
        const of = at(indices, index.slice(axis, axis + indices.shape.length));
        const place = fromFront(of, side(x.shape, axis));
        return at(x, [...index.slice(0, axis), place, ...index.slice(axis + indices.shape.length)]);
      });
      return result(shape, data, x.whole);
    }
    case 'Slice': {
      const { starts, steps, shape } = slicesOf(reader, x.shape);
      const data = picked(shape, (index) =>
        at(
          x,
          index.map((i, axis) => side(starts, axis) + i * side(steps, axis)),
        ),
      );
      return result(shape, data, x.whole);
    }
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Reshape':
    case 'Flatten':
      return null; // as of computed values: only the shape changes
    case 'Transpose': {
      const order = reader.list('perm') ?? range(x.shape.length).reverse();
      const shape = order.map((axis) => side(x.shape, axis));
      const data = picked(shape, (index) =>
        at(
          x,
          range(order.length).map((axis) => index[order.indexOf(axis)] ?? 0),
        ),
      );
      return result(shape, data, x.whole);
    }
    case 'Expand': {
      const shape = broadcast(x.shape, reader.ints(1, 'the shape'));
      return result(
        shape,
        picked(shape, (index) => at(x, index)),
        x.whole,
      );
    }
    case 'ConstantOfShape': {
      const shape = Array.from(x.data);
      const fill = node.attributes.get('value');
      const value = fill?.kind === 'tensor' ? knownOf(fill.value) : null;
      return result(shape, new Float64Array(count(shape)).fill(value?.data[0] ?? 0), value?.whole ?? false);
    }
    case 'Range': {
      const [start = 0, limit = 0, delta = 1] = known.map((each) => each.data[0] ?? 0);
      const length = Math.max(0, Math.ceil((limit - start) / delta));
      return result(
        [length],
        range(length).map((i) => start + i * delta),
        whole,
      );
    }
    case 'ReduceProd':
      return result([], [Array.from(x.data).reduce((a, b) => a * b, 1)], x.whole);
    case 'Where': {
      const [condition, yes, no] = [reader.known(0, ''), reader.known(1, ''), reader.known(2, '')];
      const shape = [condition, yes, no].map((each) => each.shape).reduce(broadcast);
      return result(
        shape,
        picked(shape, (index) => at(at(condition, index) === 0 ? no : yes, index)),
        yes.whole,
      );
    }
    default:
      return null;
  }
}

const ones: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Floor: Math.floor,
  Neg: (x) => -x,
  Not: (x) => (x === 0 ? 1 : 0),
  Reciprocal: (x) => 1 / x,
  Sqrt: Math.sqrt,
};

const pairs: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Mod: (a, b) => ((a % b) + b) % b,
  Pow: (a, b) => a ** b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  Less: (a, b) => Number(a < b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};
const comparing: ReadonlySet<string> = new Set(['Equal', 'Greater', 'Less', 'And', 'Or']);

export function shapeOf(entry: Entry): Shape {
  return isKnown(entry) ? entry.shape : entry.value.shape;
}

function constantOf(reader: Reader): Known[] {
  const { attributes, outputs } = reader.node;
  const name = outputs[0] ?? nameOf(reader.node);
  for (const [key, attribute] of attributes) {
    if (key === 'value' && attribute.kind === 'tensor') return [knownOf(attribute.value, name)];
    if (attribute.kind === 'float' || attribute.kind === 'int')
      return [{ name, shape: [], data: [attribute.value], whole: attribute.kind === 'int' }];
    if (attribute.kind === 'floats' || attribute.kind === 'ints')
      return [
        { name, shape: [attribute.value.length], data: attribute.value, whole: attribute.kind === 'ints' },
      ];
  }
  return reader.refuse('it holds no numbers');
}

/** The number that broadcasting puts at an index. */
function at({ shape, data }: Known, index: readonly number[]): number {
  const lead = index.length - shape.length;
  const place = shape.reduce(
    (sum, length, axis) => sum * length + (length === 1 ? 0 : (index[axis + lead] ?? 0)),
    0,
  );
  return data[place] ?? Number.NaN;
}

/** Numbers of a shape, index by index. */
function picked(shape: Shape, of: (index: readonly number[]) => number): number[] {
  const index = shape.map(() => 0);
  return range(count(shape)).map(() => {
    const value = of(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      index[axis] = 0;
    }
    return value;
  });
}
