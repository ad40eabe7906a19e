import { seededRandom, shuffle } from '../base/random.ts';

/** A crop and whose it is. */
export interface MapItem {
  readonly crop: string;
  readonly person: string;
}

export interface MapChoice {
  /** How many people are drawn where none are named. */
  readonly people: number;
  readonly names: readonly string[];
  /** Pictures of a person at most. */
  readonly each: number;
  readonly seed: number;
}

/**
 * The items that a map shows: those of the named people, or of people drawn by the seed among those with two pictures and
 * more (face.evoLVe's figure 3 shows ten); a crop once, people in the order of their names.
 */
export function chooseItems(items: readonly MapItem[], choice: MapChoice): readonly MapItem[] {
  const crops = new Map<string, Set<string>>();
  for (const { crop, person } of items) {
    const known = crops.get(person);
    if (known === undefined) crops.set(person, new Set([crop]));
    else known.add(crop);
  }
  const random = seededRandom(choice.seed);
  const names = [...crops.keys()].sort();
  const several = names.filter((name) => (crops.get(name)?.size ?? 0) > 1);
  const wanted =
    choice.names.length > 0
      ? names.filter((name) => choice.names.includes(name))
      : drawn(several, choice.people, random).sort();
  const taken = new Set<string>();
  return wanted.flatMap((person) => {
    const own = drawn([...(crops.get(person) ?? [])].sort(), choice.each, random).filter(
      (crop) => !taken.has(crop),
    );
    for (const crop of own) taken.add(crop);
    return own.map((crop) => ({ crop, person }));
  });
}

function drawn(list: readonly string[], count: number, random: ReturnType<typeof seededRandom>): string[] {
  if (list.length <= count) return [...list];
  const order = Int32Array.from({ length: list.length }, (_, i) => i);
  shuffle(order, random);
  return Array.from(order.subarray(0, count), (i) => list[i] ?? '');
}
