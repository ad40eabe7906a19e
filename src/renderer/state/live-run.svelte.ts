import type { Evaluation, Run } from '../../core/contract/runs.ts';
import { isUnderWay } from '../text/run-words.ts';
import { useApp } from './context.ts';
import { type Resource, useResource } from './resource.svelte.ts';
import { RunSeries } from './run-series.svelte.ts';
import { throttle } from './throttle.ts';

const between = 2500; // milliseconds

export interface LiveRun {
  readonly series: RunSeries;
  readonly evaluations: Resource<readonly Evaluation[]>;
  /** Rises now and then while the run trains: what comes without an event is looked at again. */
  readonly beat: number;
}

/**
 * The curves of the run with that id, and what it was verified with, kept up to date while it trains. `points`: about
 * how many numbers a curve is drawn with, 0 before that is known; `run`: the run, once it is known. For use while a
 * component is set up.
 */
export function useLiveRun(id: number, points: () => number, run: () => Run | undefined): LiveRun {
  const app = useApp();
  const series = new RunSeries(app.connection, id);
  let beat = $state(0);
  const pulse = throttle(() => beat++, between);
  const evaluations = useResource(['runs'], (signal) => {
    beat;
    return app.call('runs.evaluations', { run: id }, { signal });
  });
  /** Changes when the run becomes known, is continued and ends: then everything is loaded once more. */
  const stands = $derived.by(() => {
    const one = run();
    return one === undefined ? 'unknown' : isUnderWay(one) ? 'under way' : 'ended';
  });
  $effect(() => {
    const many = points();
    if (many === 0 || stands === 'unknown') return;
    app.connection.generation;
    series.load(many);
  });
  $effect(() => {
    const heard = [
      app.connection.on('run.points', (told) => {
        series.append(told);
        if (told.run === id) pulse.call();
      }),
      app.connection.on('run.changed', (changed) => {
        if (changed.id === id) pulse.call();
      }),
    ];
    return () => {
      for (const end of heard) end();
      pulse.stop();
      series.close();
    };
  });
  return {
    series,
    evaluations,
    get beat() {
      return beat;
    },
  };
}
