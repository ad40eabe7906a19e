import { Cancelled, type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Picture, SearchHit, SearchQuery, SearchResult } from '../../core/contract/search.ts';
import { upload } from '../transport/upload.ts';
import type { App } from './app.svelte.ts';

export interface Group {
  readonly key: string;
  /** Null for faces of nobody. */
  readonly person: string | null;
  readonly personId: number | null;
  readonly hits: readonly SearchHit[];
}

/** Hits by person, the group of the best hit first; each face without a name is on its own among “unnamed”. */
export function groupHits(hits: readonly SearchHit[]): readonly Group[] {
  const groups = new Map<string, { person: string | null; personId: number | null; hits: SearchHit[] }>();
  for (const hit of hits) {
    const { personId, person } = hit.face;
    const key = personId === null ? 'unnamed' : String(personId);
    const group = groups.get(key) ?? { person, personId, hits: [] };
    group.hits.push(hit);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}

/** A search by face: the picture, its faces as queries, and what is shown of the answer. */
export class SearchState {
  picture = $state.raw<Picture | null>(null);
  /** What the picture is called. */
  title = $state('');
  result = $state.raw<SearchResult | null>(null);
  error = $state.raw<ErrorInfo | null>(null);
  searching = $state(false);
  chosen = $state(0);
  /** Below it hits are hidden; filtered here, so that the slider answers at once. */
  threshold = $state(0);
  grouped = $state(true);
  top = $state(50);
  dataset = $state<number | null>(null);
  readonly query = $derived<SearchQuery | undefined>(this.result?.queries[this.chosen]);
  readonly hits = $derived(this.query?.hits.filter((hit) => hit.similarity >= this.threshold) ?? []);
  readonly groups = $derived(groupHits(this.hits));
  readonly #app: App;
  #controller: AbortController | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  /** Called by pages that lead to a search. Whatever fails here fails again, and is shown, when one is made. */
  async prepare(): Promise<void> {
    await this.#app.call('search.prepare', {}).catch(() => undefined);
  }

  async byFace(face: number, title: string): Promise<void> {
    this.#app.router.go('search');
    await this.#run(title, async () => ({ face }));
  }

  async byFile(file: File): Promise<void> {
    this.#app.router.go('search');
    const path = this.#app.host?.pathForFile(file) ?? '';
    await this.#run(file.name, async (signal) =>
      path === '' ? { upload: await upload({ file, name: file.name }, signal) } : { path },
    );
  }

  async byPath(path: string): Promise<void> {
    await this.#run(path, async () => ({ path }));
  }

  /** The same picture again, after the scope or the number of results changed. */
  async again(): Promise<void> {
    const { picture } = this;
    if (picture !== null) await this.#run(this.title, async () => picture, true);
  }

  clear(): void {
    this.#controller?.abort();
    this.picture = null;
    this.result = null;
    this.error = null;
    this.searching = false;
  }

  async #run(title: string, picture: (signal: AbortSignal) => Promise<Picture>, same = false): Promise<void> {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.title = title;
    this.searching = true;
    this.error = null;
    if (!same) {
      this.picture = null;
      this.result = null;
      this.chosen = 0;
    }
    try {
      this.picture = await picture(controller.signal);
      const datasets = this.dataset === null ? null : [this.dataset];
      const result = await this.#app.call(
        'search.query',
        { picture: this.picture, datasets, top: this.top },
        { signal: controller.signal },
      );
      if (this.#controller !== controller) return;
      // The threshold is the model's until the user moves it for this picture.
      if (!same) this.threshold = result.threshold;
      this.result = result;
    } catch (thrown) {
      if (this.#controller !== controller) return;
      if (!(thrown instanceof Cancelled)) this.error = toErrorInfo(thrown);
    } finally {
      if (this.#controller === controller) this.searching = false;
    }
  }
}
