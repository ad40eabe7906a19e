/** Estimates how fast work goes and when it ends, from counts that come in at odd times. */
export interface RateMeter {
  /** Notes that `done` units are done at `at` milliseconds. */
  note(done: number, at: number): void;
  /** Units per second over the last seconds; null until two notes are at least half a second apart. */
  rate(): number | null;
  /** Seconds until `total` is reached at this rate; null where the rate or the total is unknown. */
  eta(total: number | null): number | null;
}

/** `windowMs`: how far back the rate looks. */
export function rateMeter(windowMs = 10_000): RateMeter {
  let notes: { readonly done: number; readonly at: number }[] = [];
  const rate = (): number | null => {
    const first = notes[0];
    const last = notes.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 500) return null;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  };
  return {
    note: (done, at) => {
      notes.push({ done, at });
      // Keep one note from before the window, so that slow work has a rate too.
      const inside = notes.findIndex((note) => note.at >= at - windowMs);
      if (inside > 1) notes = notes.slice(inside - 1);
    },
    rate,
    eta: (total) => {
      const speed = rate();
      const last = notes.at(-1);
      if (speed === null || speed <= 0 || total === null || last === undefined) return null;
      return Math.max(0, (total - last.done) / speed);
    },
  };
}
