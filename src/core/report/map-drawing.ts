import type { EmbeddingMap } from '../contract/evaluations.ts';
import { type Html, html } from './html.ts';

/** Side of one model's map, and the legend's width, in units of the drawing. */
const side = 640;
const margin = 20;
const legend = 190;
const lineHeight = 18;
const shapes = 4;

/** Hues apart from each other; those of neighbours in the list differ in lightness too, and every round has another shape. */
function colour(index: number): string {
  const hue = (index * 137.508) % 360;
  return `hsl(${hue.toFixed(0)} 62% ${index % 2 === 0 ? 42 : 55}%)`;
}

function mark(x: number, y: number, person: number, size = 3.6): Html {
  const fill = colour(person);
  const at = (value: number): string => value.toFixed(1);
  const shape = Math.floor(person / 10) % shapes;
  if (shape === 1)
    return html`<rect x="${at(x - size)}" y="${at(y - size)}" width="${at(2 * size)}" height="${at(2 * size)}" fill="${fill}"/>`;
  if (shape === 2)
    return html`<path d="M${at(x)} ${at(y - size)}L${at(x + size)} ${at(y + size)}L${at(x - size)} ${at(y + size)}Z" fill="${fill}"/>`;
  if (shape === 3)
    return html`<path d="M${at(x)} ${at(y - size)}L${at(x + size)} ${at(y)}L${at(x)} ${at(y + size)}L${at(x - size)} ${at(y)}Z" fill="${fill}"/>`;
  return html`<circle cx="${at(x)}" cy="${at(y)}" r="${at(size)}" fill="${fill}"/>`;
}

/** Where positions lie in a square of `side`, with equal units both ways. */
function fitted(positions: readonly number[]): (point: number) => readonly [x: number, y: number] {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 2) {
    left = Math.min(left, positions[i] ?? 0);
    right = Math.max(right, positions[i] ?? 0);
    top = Math.min(top, positions[i + 1] ?? 0);
    bottom = Math.max(bottom, positions[i + 1] ?? 0);
  }
  const scale = (side - 2 * margin) / Math.max(right - left, bottom - top, 1e-12);
  return (point) => [
    side / 2 + scale * ((positions[2 * point] ?? 0) - (left + right) / 2),
    side / 2 + scale * ((positions[2 * point + 1] ?? 0) - (top + bottom) / 2),
  ];
}

/** The map as an SVG picture: a square for each model, side by side, and who is who. It shows no faces. */
export function mapDrawing(map: EmbeddingMap): string {
  const people = [...new Set(map.points.map(({ person }) => person))];
  const place = new Map(people.map((person, i) => [person, i]));
  const width = map.layouts.length * side + legend;
  const height = Math.max(side + 24, 32 + people.length * lineHeight);
  const panels = map.layouts.map(({ model, positions }, panel) => {
    const at = fitted(positions);
    const marks = map.points.map(({ person }, point) => {
      const [x, y] = at(point);
      return mark(panel * side + x, 24 + y, place.get(person) ?? 0);
    });
    const frame = html`<rect x="${panel * side + 4}" y="26" width="${side - 8}" height="${side - 8}" fill="none" stroke="#9aa1ab"/>`;
    return html`<text x="${panel * side + 8}" y="17">${model}</text>${frame}<g fill-opacity="0.8">${marks}</g>`;
  });
  const names = people.map((person, i) => {
    const y = 40 + i * lineHeight;
    return html`${mark(width - legend + 14, y - 4, i, 4.5)}<text x="${width - legend + 26}" y="${y}">${person}</text>`;
  });
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="#181b20"><rect width="100%" height="100%" fill="#ffffff"/>${panels}${names}</svg>`
    .html;
}

/** The map as a page without anything outside of it. */
export function mapPage(map: EmbeddingMap, title: string): string {
  const how = map.method === 'tsne' ? 't-SNE' : 'UMAP';
  const count = new Set(map.points.map(({ person }) => person)).size;
  const about = `${map.points.length} crops of ${count} people, laid out by ${how}. Near points are alike to the network; distances between far ones say little, and the axes mean nothing.`;
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><body style="margin:24px;font:15px/1.5 system-ui,sans-serif"><h1>${title}</h1><p>${about}</p><div style="overflow-x:auto">${{ html: mapDrawing(map) }}</div></body></html>`
    .html;
}
