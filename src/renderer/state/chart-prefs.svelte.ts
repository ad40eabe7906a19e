import type { RunAxis } from './run-axis.ts';

/** How the user likes charts of runs: kept while the page is open. */
export class ChartPrefs {
  axis = $state<RunAxis>('step');
  /** Steps to smooth over; 0 leaves curves as they are. */
  window = $state(50);
  /** Logarithmic where a chart can be. */
  log = $state(false);
}
