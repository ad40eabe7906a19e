/** A setting that people may change, with its limits. */
export type Option<Name extends string = string> = {
  readonly name: Name;
  /** As forms call it; the name itself where left out. */
  readonly title?: string;
  /** What it does, in a sentence. */
  readonly about: string;
} & (
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      /** Whether it counts something, so that fractions make no sense. */
      readonly whole?: boolean;
      /** By how much a form moves it. */
      readonly step?: number;
    }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'boolean' }
);
