import type { ErrorInfo } from '../../core/base/errors.ts';

/** Where a photograph's bytes are. */
export type PhotoLocation =
  | { readonly type: 'file'; readonly path: string }
  /** A member of an archive: its bytes, for this item only. */
  | { readonly type: 'bytes'; readonly bytes: Uint8Array };

export interface SourcePhoto {
  readonly kind: 'photo';
  /** Unique and stable inside the source: the path from its root with `/`, Unicode NFC. */
  readonly key: string;
  /** The identity that came with it, NFC; null where the source names none. */
  readonly label: string | null;
  readonly location: PhotoLocation;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970; null where the source does not say. */
  readonly modified: number | null;
}

/** Something that cannot be imported, and why. Its key is unique too. */
export interface SourceProblem {
  readonly kind: 'problem';
  readonly key: string;
  readonly error: ErrorInfo;
}

export type SourceItem = SourcePhoto | SourceProblem;

/** How labels come about: none, from the folders' names, from the lines of a list. */
export type SourceLayout = 'flat' | 'identities' | 'list';

/** A place that photographs are imported from. Nothing is read before `items`, apart from what the layout takes. */
export interface Source {
  readonly kind: 'folder' | 'list' | 'archive' | 'file' | 'several';
  readonly layout: SourceLayout;
  /** The absolute path of the folder, list, archive or file; of several, one a line. */
  readonly path: string;
  /**
   * Everything in it, in an order that is the same every time. Memory does not grow with the number of items but for
   * 16 bytes each. Throws `Cancelled` on abort and nothing else: what cannot be read is a problem among the items.
   */
  items(signal?: AbortSignal): AsyncGenerator<SourceItem>;
  /** Files that are no pictures, passed over by the last `items`. */
  ignored(): number;
}
