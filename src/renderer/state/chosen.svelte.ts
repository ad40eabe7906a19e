/** Rows of a list that the user ticked; they stay chosen while they are out of sight. */
export class Chosen<T extends { readonly id: number }> {
  #items = $state.raw<ReadonlyMap<number, T>>(new Map());

  get size(): number {
    return this.#items.size;
  }

  get ids(): number[] {
    return [...this.#items.keys()];
  }

  /** As they were when they were ticked. */
  get items(): T[] {
    return [...this.#items.values()];
  }

  has(item: T): boolean {
    return this.#items.has(item.id);
  }

  toggle(item: T): void {
    const next = new Map(this.#items);
    if (!next.delete(item.id)) next.set(item.id, item);
    this.#items = next;
  }

  clear(): void {
    this.#items = new Map();
  }
}
