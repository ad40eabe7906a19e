import type { ChartLine } from './line.ts';
import { visible } from './points.ts';
import type { Range } from './scale.ts';

type Tell = (value: number) => string;

/** What a chart shows, in words, for those who do not see it. */
export function chartSummary(
  title: string,
  lines: readonly ChartLine[],
  range: Range,
  tellX: Tell,
  tellY: Tell,
): string {
  const parts = lines.flatMap((line) => {
    const { x } = line.points;
    const y = line.smoothed ?? line.points.y;
    const [first, end] = visible(x, range);
    let least = -1;
    let most = -1;
    let start = -1;
    let last = -1;
    for (let i = first; i < end; i++) {
      const value = y[i] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (start === -1) start = i;
      last = i;
      if (least === -1 || value < (y[least] ?? 0)) least = i;
      if (most === -1 || value > (y[most] ?? 0)) most = i;
    }
    if (start === -1) return [];
    const at = (i: number): string => `${tellY(y[i] ?? 0)} at ${tellX(x[i] ?? 0)}`;
    return [`${line.label}: from ${at(start)} to ${at(last)}, lowest ${at(least)}, highest ${at(most)}.`];
  });
  return parts.length === 0 ? `${title}: nothing yet.` : `${title}. ${parts.join(' ')}`;
}
