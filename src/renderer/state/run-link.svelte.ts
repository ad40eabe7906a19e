import { untrack } from 'svelte';
import { ChartLink } from '../parts/chart/link.svelte.ts';
import { useApp } from './context.ts';
import { axisKinds, axisTells } from './run-axis.ts';

/** What charts of runs share, over the axis that the user likes. For use while a component is set up. */
export function useRunLink(): ChartLink {
  const { charts } = useApp();
  const link = new ChartLink();
  $effect(() => {
    const { axis } = charts;
    untrack(() => link.use(axisKinds[axis], axisTells[axis]));
  });
  return link;
}
