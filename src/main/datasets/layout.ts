import type { SourceLayout } from './types.ts';

/**
 * Finds out whether a source has a folder per identity. The rule: take the deepest folder that holds all pictures;
 * the source has a folder per identity when every picture lies exactly one folder below that, in two folders or more.
 * So `lfw/NAME/NAME_0001.jpg` has, also inside an archive or a folder around it; pictures at several depths have
 * not. A collection by year looks the same and is a matter of the user's choice.
 */
export interface LayoutScan {
  /** Takes a picture's key; false once no further key can change the answer. */
  add(key: string): boolean;
  layout(): SourceLayout;
}

export function layoutScan(): LayoutScan {
  let common: readonly string[] | null = null;
  let depth = 0;
  let sameDepth = true;
  return {
    add: (key) => {
      const folders = key.split('/').slice(0, -1);
      if (common === null) {
        common = folders;
        depth = folders.length;
        return true;
      }
      sameDepth &&= folders.length === depth;
      const differs = common.findIndex((name, i) => name !== folders[i]);
      if (differs >= 0) common = common.slice(0, differs);
      return sameDepth && common.length >= depth - 1;
    },
    layout: () => (common !== null && sameDepth && depth === common.length + 1 ? 'identities' : 'flat'),
  };
}

/** The label of a picture in a source with a folder per identity: the folder that holds it; null at the top. */
export function folderLabel(key: string): string | null {
  return key.split('/').at(-2) ?? null;
}
