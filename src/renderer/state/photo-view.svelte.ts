import type { Box } from '../../core/faces/types.ts';

/** The part of a photograph that is in sight, in its pixels; wheel and keys change it. */
export class PhotoView {
  /** Size of the element, CSS pixels. */
  width = $state(1);
  height = $state(1);
  rect = $state.raw<Box>({ x: 0, y: 0, width: 1, height: 1 });
  readonly #photoWidth: number;
  readonly #photoHeight: number;

  constructor(photoWidth: number, photoHeight: number) {
    this.#photoWidth = photoWidth;
    this.#photoHeight = photoHeight;
    this.fit();
  }

  /** CSS pixels for one pixel of the photograph. */
  readonly scale = $derived.by(
    () => Math.min(this.width / this.rect.width, this.height / this.rect.height) || 1,
  );
  readonly zoomed = $derived.by(() => this.rect.width < this.#photoWidth * 0.99);

  fit(): void {
    this.rect = { x: 0, y: 0, width: this.#photoWidth, height: this.#photoHeight };
  }

  /** Brings a box into sight, with as much again around it. */
  zoomTo(box: Box): void {
    const side = Math.max(box.width, box.height, 8) * 2;
    const width = side * Math.max(1, this.width / this.height);
    const height = side * Math.max(1, this.height / this.width);
    this.rect = {
      x: box.x + box.width / 2 - width / 2,
      y: box.y + box.height / 2 - height / 2,
      width,
      height,
    };
  }

  /** Zooms by a factor (below 1: closer) around a point of the photograph, which stays where it is. */
  zoomAround(factor: number, x: number, y: number): void {
    const { rect } = this;
    const widest = Math.max(this.#photoWidth, this.#photoHeight) * 1.5;
    const width = Math.min(widest, Math.max(16, rect.width * factor));
    const by = width / rect.width;
    this.rect = {
      x: x - (x - rect.x) * by,
      y: y - (y - rect.y) * by,
      width,
      height: rect.height * by,
    };
  }

  pan(dx: number, dy: number): void {
    this.rect = { ...this.rect, x: this.rect.x - dx / this.scale, y: this.rect.y - dy / this.scale };
  }
}
