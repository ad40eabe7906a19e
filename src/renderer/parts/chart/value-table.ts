import type { Histogram } from '../../../core/contract/runs.ts';
import { middles, shareAt } from './histogram.ts';
import type { ChartLine } from './line.ts';
import { reachOf, readAt, tablePlaces } from './readout.ts';
import type { Range } from './scale.ts';

/** A chart's values in words. */
export interface ValueTable {
  /** The first is that of the places. */
  readonly heads: readonly string[];
  readonly rows: readonly { readonly place: string; readonly cells: readonly string[] }[];
}

type Tell = (value: number) => string;

/** Places of a table of curves, at most. */
export const mostRows = 100;

/** Curves at places of what is in view; a single one with its extremes, where it has some. */
export function lineTable(lines: readonly ChartLine[], range: Range, tell: Tell, format: Tell): ValueTable {
  const extremes = lines.length === 1 && lines[0]?.points.low !== undefined;
  const told = (value: number | null | undefined): string => (value == null ? '–' : format(value));
  const cells = (line: ChartLine, at: number): readonly string[] => {
    const reading = readAt(line, at, reachOf(line));
    const value = told(reading?.y) + (reading?.deviation == null ? '' : ` ± ${format(reading.deviation)}`);
    return extremes ? [value, told(reading?.low), told(reading?.high)] : [value];
  };
  return {
    heads: [
      'Where',
      ...lines.map(({ label, smoothed }) => `${label}${smoothed ? ', smoothed' : ''}`),
      ...(extremes ? ['lowest', 'highest'] : []),
    ],
    rows: tablePlaces(lines, range, mostRows).map((at) => ({
      place: tell(at),
      cells: lines.flatMap((line) => cells(line, at)),
    })),
  };
}

/** Shares of histograms at the bins of the first. */
export function binTable(
  bars: readonly { readonly label: string; readonly histogram: Histogram }[],
  tell: Tell,
  format: Tell,
): ValueTable {
  const [first] = bars;
  return {
    heads: ['Around', ...bars.map(({ label }) => label)],
    rows: (first ? middles(first.histogram) : []).map((middle) => ({
      place: tell(middle),
      cells: bars.map(({ histogram }) => format(shareAt(histogram, middle))),
    })),
  };
}
