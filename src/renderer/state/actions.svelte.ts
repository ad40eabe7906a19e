import { untrack } from 'svelte';
import { matches, writesText } from './shortcuts.ts';

/** Something a user can do: shared by buttons, keys, the palette and the application's menu. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly shortcut?: string;
  /** Other keys for the same. */
  readonly also?: readonly string[];
  enabled?(): boolean;
  run(): unknown;
}

type Source = () => readonly Action[];

/** All actions of the moment: the application's own, and those of the view that is shown. */
export class Actions {
  #sources = $state.raw<readonly Source[]>([]);
  readonly #failed: (thrown: unknown) => void;

  constructor(failed: (thrown: unknown) => void) {
    this.#failed = failed;
  }

  /** Adds actions until the returned function is called. A later source's shortcut wins. */
  add(source: Source): () => void {
    this.#sources = [...untrack(() => this.#sources), source];
    return () => {
      this.#sources = this.#sources.filter((other) => other !== source);
    };
  }

  get all(): readonly Action[] {
    return this.#sources.flatMap((source) => source());
  }

  /** In the order in which they are shown: the view's before the application's. */
  get shown(): readonly Action[] {
    return this.#sources.toReversed().flatMap((source) => source());
  }

  run(action: Action): void {
    if (action.enabled?.() === false) return;
    Promise.resolve()
      .then(() => action.run())
      .catch(this.#failed);
  }

  /** Runs the action of this id; the menu of the desktop application names actions so. */
  runById(id: string): void {
    const action = this.all.findLast((candidate) => candidate.id === id);
    if (action !== undefined) this.run(action);
  }

  /** Runs the action that the key stands for. */
  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    if (document.querySelector('dialog[open]') !== null) return;
    // Enter and Space alone belong to a button or link that has the focus.
    const { target } = event;
    const pressable = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
    const alone = !event.ctrlKey && !event.metaKey;
    if (pressable && alone && (event.key === 'Enter' || event.key === ' ')) return;
    const writing = writesText(target);
    const action = this.all.findLast(
      ({ shortcut, also = [], enabled }) =>
        [shortcut, ...also].some(
          (keys) => keys !== undefined && !(writing && ownedByText(keys)) && matches(keys, event),
        ) && enabled?.() !== false,
    );
    if (action === undefined) return;
    event.preventDefault();
    this.run(action);
  }
}

/** A field for text keeps its own keys: letters, and undo, redo, select all. */
function ownedByText(shortcut: string): boolean {
  return !/mod|alt/.test(shortcut) || /^(shift\+)?mod\+(shift\+)?[azyxcv]$/.test(shortcut);
}
