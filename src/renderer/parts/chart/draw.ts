import type { ChartColours } from './colours.ts';
import type { ChartLine, ChartMark } from './line.ts';
import { decimate, type Numbers, type Points } from './points.ts';
import { place, type Range, type Scale } from './scale.ts';
import type { Tick } from './ticks.ts';

/** Where everything of a chart lies, in CSS pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

type Context = CanvasRenderingContext2D;

/** Makes the canvas as fine as the screen and gives a clean context in CSS pixels; null where there is none. */
export function prepared(canvas: HTMLCanvasElement, frame: Pick<Frame, 'width' | 'height'>): Context | null {
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(frame.width * ratio);
  const height = Math.round(frame.height * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, frame.width, frame.height);
  return context;
}

/** Grid, axes and curves. */
export function drawChart(
  context: Context,
  frame: Frame,
  lines: readonly ChartLine[],
  marks: readonly ChartMark[],
  colours: ChartColours,
): void {
  axes(context, frame, colours);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top - 2, frame.right - frame.left, frame.bottom - frame.top + 4);
  context.clip();
  context.lineJoin = 'round';
  for (const line of lines) curve(context, frame, line, colours.lines[line.colour - 1] ?? colours.text);
  for (const mark of marks) star(context, frame, mark, colours);
  context.restore();
}

function axes(context: Context, { left, right, top, bottom, ...frame }: Frame, colours: ChartColours): void {
  context.font = colours.font;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = colours.grid;
  context.beginPath();
  // Lines of one pixel lie between pixels.
  for (const { value } of frame.yTicks) {
    const y = Math.round(place(frame.y, value)) + 0.5;
    context.moveTo(left, y);
    context.lineTo(right, y);
  }
  for (const { value } of frame.xTicks) {
    const x = Math.round(place(frame.x, value)) + 0.5;
    context.moveTo(x, top);
    context.lineTo(x, bottom);
  }
  context.stroke();
  context.fillStyle = colours.muted;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { value, label } of frame.yTicks) context.fillText(label, left - 6, place(frame.y, value));
  context.textBaseline = 'top';
  for (const { value, label } of frame.xTicks) {
    const x = place(frame.x, value);
    const half = context.measureText(label).width / 2;
    context.textAlign = x + half > frame.width ? 'right' : x - half < 0 ? 'left' : 'center';
    context.fillText(label, x + half > frame.width ? right : x, bottom + 5);
  }
}

function curve(context: Context, frame: Frame, line: ChartLine, colour: string): void {
  const points = decimate(line.points, frame.x);
  context.strokeStyle = colour;
  context.fillStyle = colour;
  const bold = line.smoothed !== undefined;
  if (points.low && points.high) {
    context.globalAlpha = 0.24;
    band(context, frame, points, points.low, points.high);
  }
  context.globalAlpha = bold ? 0.35 : 1;
  context.lineWidth = bold ? 1 : 1.6;
  context.setLineDash(bold ? [] : [...line.dash]);
  trace(context, frame, points);
  context.globalAlpha = 1;
  if (line.smoothed !== undefined) {
    context.lineWidth = 1.8;
    context.setLineDash([...line.dash]);
    trace(context, frame, decimate({ x: line.points.x, y: line.smoothed }, frame.x));
  }
  context.setLineDash([]);
  context.lineWidth = 1.2;
  if (line.deviation) bars(context, frame, line.points, line.deviation);
  if (line.dots || single(points)) dots(context, frame, points);
}

/** A point without neighbours is no line: it needs a dot to be seen. */
function single({ y }: Points): boolean {
  let many = 0;
  for (let i = 0; i < y.length && many < 2; i++) if (Number.isFinite(y[i])) many++;
  return many === 1;
}

function trace(context: Context, { x, y }: Frame, points: Points): void {
  context.beginPath();
  let drawing = false;
  for (let i = 0; i < points.x.length; i++) {
    const top = place(y, points.y[i] ?? Number.NaN);
    if (!Number.isFinite(top)) {
      drawing = false;
      continue;
    }
    const left = place(x, points.x[i] ?? 0);
    if (drawing) context.lineTo(left, top);
    else context.moveTo(left, top);
    drawing = true;
  }
  context.stroke();
}

/** From the lowest to the highest of each point, as wide as the way to its neighbours: a single peak stays to be seen. */
function band(context: Context, { x, y }: Frame, points: Points, low: Numbers, high: Numbers): void {
  context.beginPath();
  const least = y.log ? y.from : Number.NEGATIVE_INFINITY;
  const left = (i: number): number => place(x, points.x[i] ?? 0);
  for (let i = 0; i < points.x.length; i++) {
    const [from, to] = [low[i] ?? Number.NaN, high[i] ?? Number.NaN];
    if (!(to > from)) continue;
    const before = i === 0 ? left(i) : (left(i - 1) + left(i)) / 2;
    const after = i === points.x.length - 1 ? left(i) : (left(i) + left(i + 1)) / 2;
    const width = Math.max(1, after - before);
    const top = place(y, Math.max(least, to));
    context.rect((before + after - width) / 2, top, width, place(y, Math.max(least, from)) - top);
  }
  context.fill();
}

function bars(context: Context, { x, y }: Frame, points: Points, deviation: Numbers): void {
  context.beginPath();
  for (let i = 0; i < points.x.length; i++) {
    const value = points.y[i] ?? Number.NaN;
    const half = deviation[i] ?? 0;
    if (!Number.isFinite(value) || !(half > 0)) continue;
    const left = place(x, points.x[i] ?? 0);
    const ends = [place(y, value - half), place(y, value + half)] as const;
    context.moveTo(left, ends[0]);
    context.lineTo(left, ends[1]);
    for (const end of ends) {
      context.moveTo(left - 3, end);
      context.lineTo(left + 3, end);
    }
  }
  context.globalAlpha = 0.6;
  context.stroke();
  context.globalAlpha = 1;
}

function dots(context: Context, { x, y }: Frame, points: Points): void {
  context.beginPath();
  for (let i = 0; i < points.x.length; i++) {
    const top = place(y, points.y[i] ?? Number.NaN);
    if (!Number.isFinite(top)) continue;
    const left = place(x, points.x[i] ?? 0);
    context.moveTo(left + 2.6, top);
    context.arc(left, top, 2.6, 0, 2 * Math.PI);
  }
  context.fill();
}

function star(context: Context, { x, y }: Frame, mark: ChartMark, colours: ChartColours): void {
  const left = place(x, mark.x);
  const top = place(y, mark.y);
  if (!Number.isFinite(left) || !Number.isFinite(top)) return;
  context.beginPath();
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 === 0 ? 8 : 3.5;
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    const to = [left + radius * Math.cos(angle), top + radius * Math.sin(angle)] as const;
    if (i === 0) context.moveTo(...to);
    else context.lineTo(...to);
  }
  context.closePath();
  context.fillStyle = colours.lines[mark.colour - 1] ?? colours.text;
  context.strokeStyle = colours.surface;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
}

/** The line at the cursor with a dot on each curve, and the range that is being chosen. */
export function drawCursor(
  context: Context,
  frame: Frame,
  dotsAt: readonly { readonly x: number; readonly y: number; readonly colour: number }[],
  cursor: number | null,
  chosen: Range | null,
  colours: ChartColours,
): void {
  const { left, right, top, bottom } = frame;
  if (chosen !== null) {
    const from = Math.max(left, place(frame.x, Math.min(...chosen)));
    const to = Math.min(right, place(frame.x, Math.max(...chosen)));
    context.fillStyle = colours.accent;
    context.globalAlpha = 0.16;
    context.fillRect(from, top, to - from, bottom - top);
    context.globalAlpha = 1;
  }
  if (cursor === null) return;
  const at = Math.round(place(frame.x, cursor)) + 0.5;
  if (at < left || at > right + 1) return;
  context.strokeStyle = colours.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, top);
  context.lineTo(at, bottom);
  context.stroke();
  context.lineWidth = 1.5;
  context.strokeStyle = colours.surface;
  for (const dot of dotsAt) {
    const y = place(frame.y, dot.y);
    const x = place(frame.x, dot.x);
    if (!Number.isFinite(y) || y < top - 2 || y > bottom + 2 || x < left - 1 || x > right + 1) continue;
    context.fillStyle = colours.lines[dot.colour - 1] ?? colours.text;
    context.beginPath();
    context.arc(x, y, 3.6, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
