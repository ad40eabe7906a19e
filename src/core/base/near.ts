/** The names that somebody may have meant, the nearest first: for “did you mean”. */
export function nearNames(written: string, names: readonly string[], most = 5): string[] {
  const wanted = plain(written);
  return names
    .map((name, place) => ({ name, place, apart: distance(wanted, plain(name)) }))
    .toSorted((a, b) => a.apart - b.apart || a.place - b.place)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Hyphens and the like are what people leave out first. */
const plain = (name: string): string => name.toLowerCase().replace(/[-_. ]/g, '');

/** How many letters are put in, left out or exchanged (Levenshtein 1966); what only goes on after is nearer. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  const apart = row[b.length] ?? 0;
  return b.startsWith(a) || a.startsWith(b) ? apart / 4 : apart;
}
