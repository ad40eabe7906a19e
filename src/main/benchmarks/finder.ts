/**
 * Finds the pictures that a list names among those of a folder, however the folder was unpacked: below other folders, flat, with
 * another extension. Paths are relative, with `/`.
 */
export interface PictureFinder {
  /** The picture's path; null where there is none, or none that is surely meant. */
  find(key: string): string | null;
}

interface Entry {
  readonly path: string;
  /** Folders from the innermost to the outermost, then nothing. In lower case, NFC. */
  readonly folders: readonly string[];
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase();

/** The name without its extension, and the folders from the innermost on. */
function partsOf(path: string): { readonly stem: string; readonly folders: readonly string[] } {
  const parts = plain(path).split('/');
  return { stem: (parts.pop() ?? '').replace(/\.[a-z0-9]{2,5}$/, ''), folders: parts.reverse() };
}

/**
 * A finder for the keys of a list. A picture is the key's where their names (without extension) and innermost folders are the same: all
 * of the key's, or three, or, where the name has letters and tells by itself, as many as there are. Where a picture is there several
 * times, the copy below the folder counts that has most of the list; its pictures come from there, and others only where it has none.
 */
export function pictureFinder(paths: readonly string[], keys: readonly string[]): PictureFinder {
  const byStem = new Map<string, Entry[]>();
  for (const path of paths) {
    const { stem, folders } = partsOf(path);
    const known = byStem.get(stem);
    if (known === undefined) byStem.set(stem, [{ path, folders }]);
    else known.push({ path, folders });
  }
  /** The pictures that fit best, and where they lie: what their paths have before the part that is the key's. */
  const fitting = (key: string): readonly { readonly path: string; readonly base: string }[] => {
    const { stem, folders } = partsOf(key);
    let best = 0;
    let found: { path: string; base: string }[] = [];
    for (const entry of byStem.get(stem) ?? []) {
      let shared = 0;
      while (shared < folders.length && entry.folders[shared] === folders[shared]) shared++;
      const enough =
        shared === folders.length || shared >= 2 || (/\p{L}/u.test(stem) && isOwn(stem, folders));
      if (!enough || shared < best) continue;
      if (shared > best) found = [];
      best = shared;
      found.push({ path: entry.path, base: entry.folders.slice(shared).reverse().join('/') });
    }
    return found;
  };
  // a name like 0001_01 tells nothing without its folder, Aaron_Peirsol_0001 does
  const isOwn = (stem: string, folders: readonly string[]): boolean =>
    folders.length === 0 || stem.startsWith(folders[0] ?? '') || /\p{L}{3}/u.test(stem);
  const bases = new Map<string, number>();
  for (const key of keys)
    for (const base of new Set(fitting(key).map((found) => found.base)))
      bases.set(base, (bases.get(base) ?? 0) + 1);
  return {
    find: (key) => {
      const found = fitting(key);
      const exact = found.find(({ path }) => path.endsWith(key));
      const counted = found.toSorted(
        (one, other) =>
          (bases.get(other.base) ?? 0) - (bases.get(one.base) ?? 0) ||
          Number(other === exact) - Number(one === exact),
      );
      return counted[0]?.path ?? null;
    },
  };
}
