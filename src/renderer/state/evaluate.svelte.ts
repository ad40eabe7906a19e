import type { Variant } from '../text/evaluation-words.ts';

/** Dialogs of the evaluate view. */
export type EvaluateDialog =
  | { readonly kind: 'import'; readonly path?: string }
  | { readonly kind: 'build' }
  | {
      readonly kind: 'measure';
      readonly models?: readonly string[];
      readonly benchmarks?: readonly number[];
      readonly leaks?: 'exclude';
    }
  /** Null: of the last of everything. */
  | { readonly kind: 'report'; readonly evaluations: readonly number[] | null };

/** Column by which results are sorted: `name`, or a column's key; numbers begin with the best. */
export interface MatrixSort {
  readonly column: string;
  readonly down: boolean;
}

/** What the evaluate view was set to; it stays while other views are shown. */
export class EvaluateState {
  dialog = $state.raw<EvaluateDialog | null>(null);
  /** Null: all, side by side. */
  variant = $state<Variant | null>('evolve');
  published = $state(true);
  search = $state('');
  sort = $state.raw<MatrixSort>({ column: 'name', down: false });
  /** Hashes of the networks that were ticked. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());

  toggle(subject: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(subject)) next.add(subject);
    this.chosen = next;
  }

  sortBy(column: string): void {
    const { sort } = this;
    this.sort = sort.column === column ? { column, down: !sort.down } : { column, down: column !== 'name' };
  }
}
