import type { Folder } from '../../core/contract/datasets.ts';
import { Resource } from './resource.svelte.ts';

/**
 * Walks through folders on the application's machine. What is being typed is kept apart from what is listed, so that
 * no answer that comes while somebody types takes characters away.
 */
export class FolderWalk {
  readonly folder = new Resource<Folder>();
  /** What was typed and is not listed yet, or could not be; null: the field shows the listed folder. */
  #typed: string | null = $state(null);
  /** Where the last request went; null: where the application starts. */
  #asked: string | null = null;
  #underWay: Promise<void> = Promise.resolve();
  readonly #browse: (path: string | null, signal: AbortSignal) => Promise<Folder>;

  constructor(browse: (path: string | null, signal: AbortSignal) => Promise<Folder>) {
    this.#browse = browse;
  }

  /** What the field shows. */
  get text(): string {
    return this.#typed ?? this.folder.value?.path ?? '';
  }

  type(text: string): void {
    this.#typed = text;
  }

  /** Lists a folder that was pointed at; what was typed no longer counts. */
  go(path: string): Promise<void> {
    this.#typed = null;
    return this.#list(path);
  }

  /** Lists the folder that was typed. */
  enter(): Promise<void> {
    return this.#typed === null ? this.#underWay : this.#list(this.#typed);
  }

  /** Lists the same folder again. */
  again(): Promise<void> {
    return this.#list(this.#asked);
  }

  /** The folder that the field names, once it is known to be there; null where it cannot be listed. */
  async chosen(): Promise<string | null> {
    // What was typed and entered is on its way already, unless more was typed since.
    if (this.#typed !== this.#asked || !this.folder.loading) void this.enter();
    for (let last: Promise<void> | null = null; last !== this.#underWay; ) {
      last = this.#underWay;
      await last;
    }
    const { error, value } = this.folder;
    return error === null && this.#typed === null ? (value?.path ?? null) : null;
  }

  close(): void {
    this.folder.close();
  }

  #list(path: string | null): Promise<void> {
    this.#asked = path;
    this.#underWay = this.folder.load(async (signal) => {
      const folder = await this.#browse(path, signal);
      // More may have been typed since; that is kept.
      if (!signal.aborted && this.#typed === path) this.#typed = null;
      return folder;
    });
    return this.#underWay;
  }
}
