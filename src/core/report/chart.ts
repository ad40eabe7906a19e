import { type Html, html } from './html.ts';

/** A line of a chart: x and y in turn, by ascending x. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** For what is there to compare with. */
  readonly dashed?: boolean;
  /** Draw the points too: where there are few; `only`: what is between them is not known. */
  readonly dots?: boolean | 'only';
}

export interface ChartAxis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly text: (value: number) => string;
}

export interface Chart {
  readonly title: string;
  /** What it shows, for those who don't see it. */
  readonly about: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly lines: readonly ChartLine[];
}

const width = 330;
const height = 230;
/** Room for titles and ticks, pixels. */
const margin = { left: 68, right: 18, top: 12, bottom: 42 };

/** Round numbers from `from` to `to`, about `count` of them. */
export function roundTicks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

const short = (value: number): string => String(Number(value.toFixed(1)));

/** A chart as SVG that needs nothing around it but the custom properties --text, --muted, --line and --c1 … --c8. */
export function lineChart({ title, about, x, y, lines }: Chart): Html {
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const span = (axis: ChartAxis): number => axis.to - axis.from || 1;
  const px = (value: number): number => margin.left + ((value - x.from) / span(x)) * (right - margin.left);
  const py = (value: number): number => bottom - ((value - y.from) / span(y)) * (bottom - margin.top);
  const across = y.ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${margin.left}" x2="${right}" y1="${short(py(tick))}" y2="${short(py(tick))}"/>
<text class="tick" text-anchor="end" x="${margin.left - 8}" y="${short(py(tick) + 4)}">${y.text(tick)}</text>`,
  );
  const along = x.ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${short(px(tick))}" x2="${short(px(tick))}" y1="${margin.top}" y2="${bottom}"/>
<text class="tick" text-anchor="middle" x="${short(px(tick))}" y="${bottom + 16}">${x.text(tick)}</text>`,
  );
  const drawn = lines.map(({ points, dashed, dots }, i) => {
    const places = points.map(([a, b]) => `${short(px(a))},${short(py(b))}`).join(' ');
    const marks = dots
      ? points.map(
          ([a, b]) => html`<circle class="c${i + 1}" cx="${short(px(a))}" cy="${short(py(b))}" r="3"/>`,
        )
      : [];
    if (dots === 'only') return html`${marks}`;
    return html`<polyline class="line l${i + 1}${dashed ? ' dashed' : ''}" points="${places}"/>${marks}`;
  });
  const legend = lines.map(
    ({ name, dashed, dots }, i) =>
      html`<span class="key"><svg width="18" height="8" aria-hidden="true">${
        dots === 'only'
          ? html`<circle class="c${i + 1}" cx="9" cy="4" r="3"/>`
          : html`<line class="line l${i + 1}${dashed ? ' dashed' : ''}" x1="0" x2="18" y1="4" y2="4"/>`
      }</svg>${name}</span>`,
  );
  return html`<figure class="chart"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${about}">
${across}
${along}
${drawn}
<text class="axis" text-anchor="middle" x="${(margin.left + right) / 2}" y="${height - 6}">${x.title}</text>
<text class="axis" text-anchor="middle" transform="translate(12 ${(margin.top + bottom) / 2}) rotate(-90)">${y.title}</text>
</svg>
<p class="legend">${legend}</p></figure>`;
}
