import type { Frame } from './draw.ts';
import type { ChartLine } from './line.ts';
import type { ChartLink } from './link.svelte.ts';
import { step } from './readout.ts';
import { moved, type Range, valueAt, zoomed } from './scale.ts';

/** What gestures act on, read anew for each. */
export interface GestureView {
  readonly link: ChartLink;
  readonly lines: readonly ChartLine[];
  readonly frame: Frame;
  /** What is in view, and all there is. */
  readonly range: Range;
  readonly all: Range;
  /** How much of the axis a pixel is. */
  readonly perPixel: number;
  /** Nothing is drawn: nothing happens. */
  readonly none: boolean;
}

const least = 4; // pixels: a shorter drag is a click, and the cursor goes no shorter way

/** Zoom, moving along and the cursor of a chart, by pointer, wheel and keys. */
export class ChartGestures {
  /** The range that is being dragged over. */
  chosen = $state.raw<Range | null>(null);
  /** The place that is held while the chart is moved along. */
  held = $state<number | null>(null);
  focused = $state(false);
  readonly #view: () => GestureView;

  constructor(view: () => GestureView) {
    this.#view = view;
  }

  down(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const { link, none } = this.#view();
    if (event.button !== 0 || none) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = this.#under(event);
    if (event.shiftKey && link.range !== null) this.held = at;
    else this.chosen = [at, at];
  }

  move(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const { link, range, all, none } = this.#view();
    const at = this.#under(event);
    if (this.held !== null) {
      link.range = moved(range, all, this.held - at);
      return;
    }
    if (this.chosen !== null) this.chosen = [this.chosen[0], at];
    link.cursor = none ? null : at;
  }

  up(): void {
    const { link, perPixel } = this.#view();
    if (this.chosen !== null && Math.abs(this.chosen[1] - this.chosen[0]) > least * perPixel) {
      link.range = [Math.min(...this.chosen), Math.max(...this.chosen)];
    }
    this.chosen = null;
    this.held = null;
  }

  leave(): void {
    if (this.chosen === null && this.held === null) this.#view().link.cursor = null;
  }

  /** The wheel scrolls the page, unless the chart has the focus or Ctrl is held; Shift moves along. */
  wheel(event: WheelEvent & { currentTarget: HTMLElement }): void {
    const { link, range, all, perPixel, none } = this.#view();
    const along = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (none || !(event.ctrlKey || this.focused || (along && link.range !== null))) return;
    event.preventDefault();
    const by = along ? event.deltaX || event.deltaY : event.deltaY;
    if (along) link.range = link.range && moved(range, all, by * perPixel);
    else link.range = zoomed(range, all, this.#under(event), 1.0015 ** by);
  }

  key(event: KeyboardEvent): void {
    const { link, lines, range, all, perPixel, none } = this.#view();
    if (none || event.altKey || event.metaKey) return;
    const at = link.cursor ?? range[1];
    const way = event.key === 'ArrowRight' ? 1 : -1;
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      if (event.ctrlKey) link.range = link.range && moved(range, all, way * (range[1] - range[0]) * 0.1);
      else this.#goTo(step(lines, at, perPixel * least * (event.shiftKey ? 10 : 1), way));
    } else if (event.key === 'Home') this.#goTo(all[0]);
    else if (event.key === 'End') this.#goTo(all[1]);
    else if (event.key === '+' || event.key === '=') link.range = zoomed(range, all, at, 0.7);
    else if (event.key === '-') link.range = zoomed(range, all, at, 1 / 0.7);
    else if (event.key === '0') link.range = null;
    else if (event.key === 'Escape' && (link.range !== null || link.cursor !== null)) {
      link.range = null;
      link.cursor = null;
    } else return;
    event.preventDefault();
  }

  /** Puts the cursor there, and brings the place into view. */
  #goTo(at: number): void {
    const { link, range, all } = this.#view();
    link.cursor = Math.min(all[1], Math.max(all[0], at));
    if (link.range === null) return;
    if (at > range[1]) link.range = moved(range, all, at - range[1]);
    if (at < range[0]) link.range = moved(range, all, at - range[0]);
  }

  /** The place under the pointer. */
  #under(event: MouseEvent & { currentTarget: HTMLElement }): number {
    const { frame, range } = this.#view();
    const value = valueAt(frame.x, event.clientX - event.currentTarget.getBoundingClientRect().left);
    return Math.min(range[1], Math.max(range[0], value));
  }
}
