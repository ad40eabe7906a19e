import type { Evaluation, Run, RunDetail } from '../../../core/contract/runs.ts';
import { type LineStyle, lineStyle } from '../../parts/chart/line.ts';
import { useApp } from '../../state/context.ts';
import { type Resource, useResource } from '../../state/resource.svelte.ts';
import { RunSeries } from '../../state/run-series.svelte.ts';

/** One of the runs that are laid over each other. */
export interface Compared {
  readonly id: number;
  readonly style: LineStyle;
  readonly series: RunSeries;
  readonly detail: Resource<RunDetail>;
  readonly evaluations: Resource<readonly Evaluation[]>;
}

/** Everything that a comparison draws, kept up to date. For use while a component is set up. */
export function useCompared(ids: readonly number[], points: () => number): readonly Compared[] {
  const app = useApp();
  const all = ids.map(
    (id, i): Compared => ({
      id,
      style: lineStyle(i),
      series: new RunSeries(app.connection, id),
      detail: useResource(['runs'], (signal) => app.call('runs.get', { run: id }, { signal })),
      evaluations: useResource(['runs'], (signal) => app.call('runs.evaluations', { run: id }, { signal })),
    }),
  );
  $effect(() => {
    const wanted = points();
    app.connection.generation;
    if (wanted > 0) for (const { series } of all) series.load(wanted);
  });
  $effect(() => {
    const end = app.connection.on('run.points', (told) => {
      for (const { series } of all) series.append(told);
    });
    return () => {
      end();
      for (const { series } of all) series.close();
    };
  });
  return all;
}

/** A run with what is known of it. */
export interface ComparedRun extends Compared {
  readonly run: Run;
  readonly label: string;
}

/** Names that tell runs apart: runs of one name have their number too. */
export function labels(runs: readonly Pick<Run, 'id' | 'name'>[]): readonly string[] {
  const many = Map.groupBy(runs, ({ name }) => name);
  return runs.map(({ id, name }) => ((many.get(name)?.length ?? 0) > 1 ? `${name} (${id})` : name));
}
