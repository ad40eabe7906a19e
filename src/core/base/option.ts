/** A setting that people may change, with its limits. */
export type Option<Name extends string = string> = {
  readonly name: Name;
  /** What it does, in a sentence. */
  readonly about: string;
} & (
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'boolean' }
);
