import { chartColours } from './line.ts';

/** The theme's colours as a canvas takes them. */
export interface ChartColours {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
  readonly accent: string;
  /** Of lines: `--chart-1` … */
  readonly lines: readonly string[];
  /** Font of labels, as CSS writes it. */
  readonly font: string;
}

const names = ['--text', '--text-muted', '--line', '--surface', '--accent'] as const;

/**
 * Reads them below an element. A custom property keeps `light-dark(…)` as it was written, so each is read as the colour
 * of an element that has it.
 */
export function readColours(parent: HTMLElement): ChartColours {
  const box = document.createElement('span');
  box.className = 'small';
  box.hidden = true;
  const probes = [...names, ...Array.from({ length: chartColours }, (_, i) => `--chart-${i + 1}`)].map(
    (name) => {
      const probe = document.createElement('span');
      probe.style.color = `var(${name})`;
      box.append(probe);
      return probe;
    },
  );
  parent.append(box);
  const [text = '', muted = '', grid = '', surface = '', accent = '', ...lines] = probes.map(
    (probe) => getComputedStyle(probe).color,
  );
  const { fontSize, fontFamily } = getComputedStyle(box);
  box.remove();
  return { text, muted, grid, surface, accent, lines, font: `${fontSize} ${fontFamily}` };
}

/** Calls back when the theme has changed, by the user's choice or the system's; gives the function that ends it. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', changed);
  };
}
