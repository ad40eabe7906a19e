/** How a click or a key changes what is selected. */
export type SelectMode = 'only' | 'toggle' | 'range' | 'move';

/** Which rows of a list are selected, by id; and the cursor that keys move, by place. */
export class Selection {
  ids = $state.raw<ReadonlySet<number>>(new Set());
  cursor = $state(0);
  #anchor = 0;

  get size(): number {
    return this.ids.size;
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** Ids in the order in which they were selected. */
  list(): number[] {
    return [...this.ids];
  }

  only(index: number, id: number): void {
    this.cursor = index;
    this.#anchor = index;
    this.ids = new Set([id]);
  }

  toggle(index: number, id: number): void {
    const next = new Set(this.ids);
    if (!next.delete(id)) next.add(id);
    this.cursor = index;
    this.#anchor = index;
    this.ids = next;
  }

  /** From the anchor to here; `idsBetween` gives the ids of the places from..to, both included. */
  async range(
    index: number,
    idsBetween: (from: number, to: number) => Promise<readonly number[]>,
  ): Promise<void> {
    this.cursor = index;
    const from = Math.min(this.#anchor, index);
    const to = Math.max(this.#anchor, index);
    const ids = await idsBetween(from, to);
    // A later key may have moved on while ids were fetched.
    if (this.cursor === index) this.ids = new Set(ids);
  }

  all(ids: readonly number[]): void {
    this.ids = new Set(ids);
  }

  clear(): void {
    this.ids = new Set();
  }

  reset(): void {
    this.clear();
    this.cursor = 0;
    this.#anchor = 0;
  }
}
