/** From values to pixels and back, by a line or by logarithms. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  /** Pixels of `from` and `to`; a vertical axis runs downwards. */
  readonly start: number;
  readonly end: number;
  readonly log: boolean;
}

/** Pixels of a value; NaN for what a logarithm cannot show. */
export function place({ from, to, start, end, log }: Scale, value: number): number {
  const share = log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return start + share * (end - start);
}

export function valueAt({ from, to, start, end, log }: Scale, pixel: number): number {
  const share = (pixel - start) / (end - start);
  return log ? from * (to / from) ** share : from + share * (to - from);
}

export type Range = readonly [from: number, to: number];

/** A range with room at its ends that is never empty; on a logarithmic scale what is not positive does not count. */
export function padded([low, high]: Range, log: boolean, share = 0.05): Range {
  if (!(low <= high)) return log ? [0.1, 1] : [0, 1];
  if (log) {
    const room = low === high ? 2 : (high / low) ** share;
    return [low / room, high * room];
  }
  // Nothing but zeros: from 0 to 1.
  const room = low < high ? (high - low) * share : low === 0 ? 1 : Math.abs(low) * 0.1;
  // What never is negative is not drawn below zero.
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** Narrower (factor < 1) or wider about a value, kept within `whole`; null where it is the whole again. */
export function zoomed(range: Range, whole: Range, about: number, factor: number): Range | null {
  const least = (whole[1] - whole[0]) * 1e-6;
  const width = Math.max(least, (range[1] - range[0]) * factor);
  if (!(width < (whole[1] - whole[0]) * 0.999)) return null;
  const share = (about - range[0]) / (range[1] - range[0] || 1);
  return within([about - share * width, about + (1 - share) * width], whole);
}

/** Moved by that much, kept within `whole`. */
export function moved(range: Range, whole: Range, by: number): Range {
  return within([range[0] + by, range[1] + by], whole);
}

function within([from, to]: Range, whole: Range): Range {
  const back = from < whole[0] ? whole[0] - from : to > whole[1] ? whole[1] - to : 0;
  return [Math.max(whole[0], from + back), Math.min(whole[1], to + back)];
}
