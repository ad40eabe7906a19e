/** Where the plane is looked at: its point in the middle of the window, and pixels for each of its units. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

type Positions = ArrayLike<number>;

const edge = 24; // pixels that stay free around a map that is shown as a whole

/** All of it: positions are x, y of each point. */
export function fitted(positions: Positions, { width, height }: Size): MapView {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < positions.length; i += 2) {
    const [x, y] = [positions[i] ?? 0, positions[i + 1] ?? 0];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  if (left > right) return { x: 0, y: 0, scale: 1 };
  const room = (pixels: number): number => Math.max(1, pixels - 2 * edge);
  const scale = Math.min(room(width) / (right - left || 1), room(height) / (bottom - top || 1));
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

/** Pixels of a place. */
export function onScreen(view: MapView, { width, height }: Size, x: number, y: number): [number, number] {
  return [width / 2 + (x - view.x) * view.scale, height / 2 + (y - view.y) * view.scale];
}

/** Nearer (factor > 1) or further about a pixel, which stays where it is. */
export function zoomedAt(
  view: MapView,
  size: Size,
  pixel: readonly [number, number],
  factor: number,
): MapView {
  const scale = Math.min(1e9, Math.max(1e-9, view.scale * factor));
  const [dx, dy] = [pixel[0] - size.width / 2, pixel[1] - size.height / 2];
  return { x: view.x + dx / view.scale - dx / scale, y: view.y + dy / view.scale - dy / scale, scale };
}

export function pannedBy(view: MapView, dx: number, dy: number): MapView {
  return { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
}

/** The point next to a pixel, at most `reach` pixels away; −1 where there is none. */
export function pointNear(
  positions: Positions,
  view: MapView,
  size: Size,
  pixel: readonly [number, number],
  reach: number,
  shown: (index: number) => boolean,
): number {
  let [best, least] = [-1, reach * reach];
  for (let i = 0; i * 2 + 1 < positions.length; i++) {
    const [x, y] = onScreen(view, size, positions[i * 2] ?? 0, positions[i * 2 + 1] ?? 0);
    const distance = (x - pixel[0]) ** 2 + (y - pixel[1]) ** 2;
    if (distance <= least && shown(i)) [best, least] = [i, distance];
  }
  return best;
}

/** Shapes of points: with the colours of charts they tell many people apart, without colours a few. */
export const shapes = ['circle', 'square', 'triangle', 'diamond', 'cross', 'ring'] as const;
export type Shape = (typeof shapes)[number];

/** Path of a shape about a pixel, `r` pixels to each side. */
export function traceShape(
  path: Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo' | 'arc' | 'closePath' | 'rect'>,
  shape: Shape,
  x: number,
  y: number,
  r: number,
): void {
  if (shape === 'circle' || shape === 'ring') {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  } else if (shape === 'square') path.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (shape === 'cross') {
    const t = r * 0.35;
    const corners = [
      ...[-t, -r, t, -r, t, -t, r, -t, r, t, t, t],
      ...[t, r, -t, r, -t, t, -r, t, -r, -t, -t, -t],
    ];
    path.moveTo(x - t, y - r);
    for (let i = 2; i < corners.length; i += 2) path.lineTo(x + (corners[i] ?? 0), y + (corners[i + 1] ?? 0));
    path.closePath();
  } else {
    const wide = shape === 'triangle' ? r * 1.1 : r * 1.2;
    path.moveTo(x, y - wide);
    path.lineTo(x + wide, y + (shape === 'triangle' ? wide * 0.8 : 0));
    if (shape === 'diamond') path.lineTo(x, y + wide);
    path.lineTo(x - wide, y + (shape === 'triangle' ? wide * 0.8 : 0));
    path.closePath();
  }
}
