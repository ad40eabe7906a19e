import { input } from '../graph/builder.ts';
import { inputOp, isNode } from '../graph/leaves.ts';
import type { Value } from '../graph/value.ts';
import { topological } from '../graph/walk.ts';
import { openNet } from '../layers/net.ts';
import type { Backbone, BackboneSettings } from './backbone.ts';

/** What a network has made of its pictures halfway: after its stem, after a stage. */
export interface StageMap {
  /** What the names of that part's parameters begin with: `stem`, `stage1`, `unit4`. */
  readonly name: string;
  /** [n, channels, h, w]. */
  readonly value: Value;
}

/** The embedding's layers, whose map is no stage's. */
const last = 'head';

/**
 * The maps between a network's parts, from `pictures` to `result`, in their order. A part is what has parameters of one
 * first name; its map is the last value through which everything goes that later parts learn of the pictures, so that
 * nothing inside a unit, beside its shortcut, is taken for one. Parts without such a map, as of one pixel, are left out.
 */
export function stageMaps(pictures: Value, result: Value): readonly StageMap[] {
  const order = topological([result]);
  const way = dependents(order, pictures);
  const partOf = partsOf(order, new Set(way));
  const isNarrow = narrows(way);
  const found = new Map<string, Value>();
  let part: string | null = null;
  let map: Value | null = null;
  for (const [i, value] of way.entries()) {
    const next = value === pictures ? null : partOf(value); // how they became numbers is no part
    if (next !== null && next !== part) {
      if (part !== null && map !== null) found.set(part, map);
      [part, map] = [next, null];
    }
    if (part !== null && isNarrow(i) && isMap(value)) map = value;
  }
  if (part !== null && map !== null) found.set(part, map);
  return [...found].flatMap(([name, value]) => (name === last ? [] : [{ name, value }]));
}

/** The maps of a backbone's parts for pictures of `size` × `size`; for two of them. */
export function mapsOf(backbone: Backbone, settings: BackboneSettings, size: number): readonly StageMap[] {
  const pictures = input('pictures', [2, 3, size, size]);
  return stageMaps(pictures, backbone.build(openNet(false), pictures, settings));
}

/** Values that are computed from the pictures, in the order of a walk; they themselves come first. */
function dependents(order: readonly Value[], pictures: Value): readonly Value[] {
  const known = new Set<Value>([pictures]);
  for (const value of order) if (value.inputs.some((one) => known.has(one))) known.add(value);
  return [...known];
}

/** The part whose parameters a value on the way takes; null where it takes none. */
function partsOf(order: readonly Value[], way: ReadonlySet<Value>): (value: Value) => string | null {
  const parts = new Map<Value, string>();
  for (const value of order) {
    if (way.has(value)) continue;
    const own = isNode(value, inputOp) ? value.attributes.name.split('.')[0] : undefined;
    const part = own ?? value.inputs.map((one) => parts.get(one)).find((one) => one !== undefined);
    if (part !== undefined) parts.set(value, part);
  }
  return (value) => value.inputs.map((one) => parts.get(one)).find((one) => one !== undefined) ?? null;
}

/** Whether everything that comes after a place on the way is computed from the value there. */
function narrows(way: readonly Value[]): (place: number) => boolean {
  const places = new Map(way.map((value, i) => [value, i]));
  const lastUse = way.map((_, i) => i);
  for (const [i, value] of way.entries())
    for (const one of value.inputs) {
      const at = places.get(one);
      if (at !== undefined) lastUse[at] = i;
    }
  /** How far what comes before a place is still used. */
  const reach: number[] = [];
  let most = 0;
  for (const use of lastUse) {
    reach.push(most);
    most = Math.max(most, use);
  }
  return (place) => (reach[place] ?? 0) <= place;
}

/** Maps of square pictures are square; what has its channels last, as in Swin, is none. */
function isMap({ shape, type }: Value): boolean {
  const [, , h = 0, w = 0] = shape;
  return type === 'float32' && shape.length === 4 && h > 1 && h === w;
}
