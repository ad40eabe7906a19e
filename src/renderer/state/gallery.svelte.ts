import type { Input } from '../../core/contract/api.ts';
import type { FaceState } from '../../core/contract/faces.ts';

export const sorts = ['added', 'quality', 'worst', 'size', 'person'] as const;
export type Sort = (typeof sorts)[number];

export const sortWords: Readonly<Record<Sort, string>> = {
  added: 'Order added',
  quality: 'Best first',
  worst: 'Worst first',
  size: 'Biggest first',
  person: 'By person',
};

/** The gallery's filters; they stay while other views are shown. */
export class GalleryState {
  dataset = $state<number | null>(null);
  person = $state<number | 'unnamed' | null>(null);
  /** Name of that person, for the filter's field. */
  personName = $state('');
  state = $state<FaceState | null>('kept');
  minQuality = $state(0);
  minSize = $state(0);
  search = $state('');
  sort = $state<Sort>('added');
  /** Side of a cell, pixels. */
  cell = $state(112);

  get filter(): Input<'faces.ids'> {
    return {
      datasets: this.dataset === null ? null : [this.dataset],
      person: this.person,
      state: this.state,
      minQuality: this.minQuality,
      minSize: this.minSize,
      search: this.search,
      sort: this.sort,
    };
  }

  /** Something hides faces. */
  get narrowed(): boolean {
    return (
      this.dataset !== null ||
      this.person !== null ||
      this.state !== 'kept' ||
      this.minQuality > 0 ||
      this.minSize > 0 ||
      this.search !== ''
    );
  }

  clear(): void {
    this.dataset = null;
    this.person = null;
    this.personName = '';
    this.state = 'kept';
    this.minQuality = 0;
    this.minSize = 0;
    this.search = '';
  }
}
