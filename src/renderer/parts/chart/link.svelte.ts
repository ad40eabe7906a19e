import type { Range } from './scale.ts';
import type { AxisKind } from './ticks.ts';

/** What the charts of a page share: by what they run, what is in view, and where the cursor is. */
export class ChartLink {
  /** Null: all there is, growing with it. */
  range = $state.raw<Range | null>(null);
  cursor = $state<number | null>(null);
  /** Of the axis, and how its numbers are told: “step 1,200”. */
  kind = $state<AxisKind>('whole');
  tell = $state.raw<(value: number) => string>(String);

  constructor(kind: AxisKind = 'whole', tell: (value: number) => string = String) {
    this.kind = kind;
    this.tell = tell;
  }

  /** Another axis: what was in view says nothing on it. */
  use(kind: AxisKind, tell: (value: number) => string): void {
    this.kind = kind;
    this.tell = tell;
    this.range = null;
    this.cursor = null;
  }
}
