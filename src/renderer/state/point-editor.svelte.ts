import type { Points5 } from '../../core/faces/types.ts';

export const pointNames = [
  'Left eye',
  'Right eye',
  'Nose',
  'Left mouth corner',
  'Right mouth corner',
] as const;

/** The five points of one face while a user moves them: steps can be taken back until they are saved. */
export class PointEditor {
  points = $state.raw<Points5>([]);
  /** Which point keys move, 0..4; null for none. */
  chosen = $state<number | null>(null);
  #past = $state.raw<readonly Points5[]>([]);
  #future = $state.raw<readonly Points5[]>([]);
  #start = $state.raw<Points5>([]);
  readonly #width: number;
  readonly #height: number;

  /** Width and height of the photograph: points may leave it by half of that, as faces cut by the edge do. */
  constructor(points: Points5, width: number, height: number) {
    this.#start = points;
    this.points = points;
    this.#width = width;
    this.#height = height;
  }

  get changed(): boolean {
    return this.points.some((value, i) => value !== this.#start[i]);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Remembers where things are; before a drag or a key moves them. */
  begin(): void {
    this.#past = [...this.#past.slice(-199), this.points];
    this.#future = [];
  }

  /** Puts a point somewhere, in pixels of the photograph. */
  set(point: number, x: number, y: number): void {
    const next = [...this.points];
    next[point * 2] = clamp(x, this.#width);
    next[point * 2 + 1] = clamp(y, this.#height);
    this.points = next;
  }

  /** One step of a key. */
  nudge(dx: number, dy: number): void {
    if (this.chosen === null) return;
    this.begin();
    const x = this.points[this.chosen * 2] ?? 0;
    const y = this.points[this.chosen * 2 + 1] ?? 0;
    this.set(this.chosen, x + dx, y + dy);
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (last === undefined) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.points];
    this.points = last;
  }

  redo(): void {
    const next = this.#future.at(-1);
    if (next === undefined) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.points];
    this.points = next;
  }

  /** The points are saved as they are: from now on undoing is the journal's. */
  saved(): void {
    this.#start = this.points;
    this.#past = [];
    this.#future = [];
  }

  revert(): void {
    if (!this.changed) return;
    this.begin();
    this.points = this.#start;
  }
}

function clamp(value: number, side: number): number {
  return Math.min(side * 1.5, Math.max(-side / 2, value));
}
