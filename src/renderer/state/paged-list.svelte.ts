import { SvelteMap } from 'svelte/reactivity';
import { Cancelled, type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Page } from '../../core/contract/method.ts';

export type FetchPage<T> = (offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>;

const keptPages = 60;

/**
 * A window into a list that may hold a hundred thousand rows: pages are fetched as they come into view, fetches for
 * pages that have left the view are cancelled, and pages far away are forgotten.
 */
export class PagedList<T> {
  total = $state(0);
  /** Something has arrived since the last reset. */
  loaded = $state(false);
  error = $state.raw<ErrorInfo | null>(null);

  readonly #pages = new SvelteMap<number, readonly T[]>();
  readonly #stale = new Set<number>();
  readonly #running = new Map<number, AbortController>();
  readonly #fetch: FetchPage<T>;
  readonly #size: number;
  #first = 0;
  #last = 0;
  #replace = false;

  constructor(fetch: FetchPage<T>, size = 120) {
    this.#fetch = fetch;
    this.#size = size;
  }

  /** The row, or undefined while it is not here. */
  at(index: number): T | undefined {
    return this.#pages.get(Math.floor(index / this.#size))?.[index % this.#size];
  }

  /** Rows that are here, with their places. */
  *entries(): Generator<readonly [number, T]> {
    for (const [page, items] of this.#pages) {
      for (const [i, item] of items.entries()) yield [page * this.#size + i, item];
    }
  }

  /** Says which rows are in view: fetches what is missing, cancels what is no longer wanted. */
  need(first: number, last: number): void {
    this.#first = first;
    this.#last = last;
    const from = Math.floor(Math.max(0, first) / this.#size);
    const to = Math.floor(Math.max(0, last) / this.#size);
    for (const [page, controller] of this.#running) {
      if (page >= from && page <= to) continue;
      this.#running.delete(page);
      controller.abort();
    }
    for (let page = from; page <= to; page++) {
      const wanted = !this.#pages.has(page) || this.#stale.has(page) || this.#replace;
      if (wanted && !this.#running.has(page)) void this.#load(page);
    }
  }

  /** The same list, whose rows may have changed: what is in view is fetched again, the rest when it comes into view. */
  refresh(): void {
    for (const page of this.#pages.keys()) this.#stale.add(page);
    this.#abort();
    this.need(this.#first, this.#last);
  }

  /** Another list: the old rows stay in sight until the first new page is here. */
  reset(): void {
    this.#abort();
    this.#replace = true;
    this.error = null;
    this.need(0, this.#size - 1);
  }

  close(): void {
    this.#abort();
  }

  #abort(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  async #load(page: number): Promise<void> {
    const controller = new AbortController();
    this.#running.set(page, controller);
    try {
      const answer = await this.#fetch(page * this.#size, this.#size, controller.signal);
      if (this.#running.get(page) !== controller) return;
      this.#running.delete(page);
      this.#take(page, answer);
    } catch (thrown) {
      if (this.#running.get(page) !== controller) return;
      this.#running.delete(page);
      if (!(thrown instanceof Cancelled)) {
        this.error = toErrorInfo(thrown);
        this.loaded = true;
      }
    }
  }

  #take(page: number, answer: Page<T>): void {
    if (this.#replace) {
      this.#pages.clear();
      this.#stale.clear();
      this.#replace = false;
    }
    this.error = null;
    this.total = answer.total;
    this.loaded = true;
    this.#stale.delete(page);
    this.#pages.set(page, answer.items);
    if (this.#pages.size > keptPages) this.#forget(page);
  }

  #forget(around: number): void {
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - around) - Math.abs(a - around));
    for (const page of far.slice(0, this.#pages.size - keptPages)) this.#pages.delete(page);
  }
}
