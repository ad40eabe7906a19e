/** Whose a benchmark's pictures are, as far as its list tells. */

/**
 * A name as it is compared between lists: letters and digits in lower case without accents, single spaces. Null for names
 * that are none: numbers of classes mean somebody only within their list.
 */
export function plainName(name: string): string | null {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return /\p{L}{2}/u.test(plain) ? plain : null;
}

/**
 * Groups of pictures that show one person: those of one name, and those that pairs say are the same. From 0, in the order
 * of their first pictures; a picture of which nothing is said is a group of its own. [images]
 * `pairs` [n, 2] are places of pictures, `same` [n] is 1 where both are one person.
 */
export function peopleOf(names: readonly (string | null)[], pairs: Int32Array, same: Uint8Array): Int32Array {
  const parent = Int32Array.from(names, (_, image) => image);
  const rootOf = (image: number): number => {
    let at = image;
    while ((parent[at] ?? at) !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at;
      at = parent[at] ?? at;
    }
    return at;
  };
  const join = (a: number, b: number): void => {
    const [one, other] = [rootOf(a), rootOf(b)];
    parent[Math.max(one, other)] = Math.min(one, other);
  };
  const firsts = new Map<string, number>();
  for (const [image, name] of names.entries()) {
    if (name === null) continue;
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, image);
    else join(first, image);
  }
  for (const [pair, label] of same.entries()) {
    if (label === 1) join(pairs[2 * pair] ?? 0, pairs[2 * pair + 1] ?? 0);
  }
  const numbers = new Map<number, number>();
  return parent.map((_, image) => {
    const root = rootOf(image);
    const known = numbers.get(root) ?? numbers.size;
    numbers.set(root, known);
    return known;
  });
}
