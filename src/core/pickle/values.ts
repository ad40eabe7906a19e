/**
 * What a pickle holds, as data: objects that its writer would have made by calling functions are only records of these
 * calls. Containers know how deep they are nested.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  /** Bytes, and the text of Python 2. A view of what was read. */
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleCall
  | PicklePersistent
  | PickleSpan;

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
  depth: number;
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
  readonly depth: number;
}

export interface PickleDict {
  readonly kind: 'dict';
  /** In the order in which they came; a key that comes again counts as Python has it: the last one does. */
  readonly entries: (readonly [key: PickleValue, value: PickleValue])[];
  depth: number;
}

/** A class or function, by `module.name`. Always one that was allowed. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** What calling an allowed global would give; nothing was called. */
export interface PickleCall {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly PickleValue[];
  /** What was put into it as into a dictionary. */
  readonly entries: (readonly [key: PickleValue, value: PickleValue])[];
  /** Whether it was given attributes. */
  attributes: boolean;
  /** The attributes, or whatever else it was given to build itself of. */
  state: PickleValue;
  depth: number;
}

/** What is kept outside of the pickle. */
export interface PicklePersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
  readonly depth: number;
}

/** Where long bytes, or the UTF-8 of a long text, lie in what is read: they were passed over. */
export interface PickleSpan {
  readonly kind: 'span';
  readonly offset: number;
  readonly length: number;
  readonly isText: boolean;
}

type Kinds = Extract<PickleValue, { readonly kind: string }>;
export type PickleKind = Kinds['kind'];

/** The value as an object of a kind; null where it is anything else. */
export function ofKind<Kind extends PickleKind>(
  value: PickleValue | undefined,
  kind: Kind,
): Extract<Kinds, { readonly kind: Kind }> | null {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return null;
  return value.kind === kind ? (value as Extract<Kinds, { readonly kind: Kind }>) : null;
}

/** How deep a value is nested: 0 for what holds nothing. */
export function depthOf(value: PickleValue): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0;
  return value.kind === 'global' || value.kind === 'span' ? 0 : value.depth;
}
