/** Names of pictures as benchmarks form them. */

/** The person of `Aaron_Peirsol_0001.jpg`: what is before the last underscore and number; null where there is none. */
export function personOfFile(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^(.+?)[_ ]\d+(?:\.[^.]*)?$/.exec(name)?.[1] ?? null;
}

/** The folder that a picture lies in; null where it lies in none. */
export function folderOfFile(path: string): string | null {
  return path.split('/').at(-2) ?? null;
}

/**
 * A path of a list as a key: `/` between parts, no `.`, and the `..` with which some lists begin left out, for they lead from the
 * list's own folder to the one above; null where nothing would be left or where it goes up in the middle.
 */
export function keyOf(path: string): string | null {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  while (parts[0] === '..') parts.shift();
  if (parts.length === 0 || parts.includes('..') || path.includes('\0')) return null;
  return parts.join('/').normalize('NFC');
}
