import type { Shape, Value } from '../graph/value.ts';
import { type Net, running } from '../layers/net.ts';
import { add } from '../ops/add.ts';
import { detach } from '../ops/detach.ts';
import { scale } from '../ops/multiply.ts';

/**
 * A number of the head's that goes from batch to batch and is part of checkpoints: what it is from this batch on. No
 * derivative flows through it.
 */
export function carried(
  net: Net,
  name: string,
  initial: number,
  next: (now: Value) => Value,
  shape: Shape = [],
): Value {
  return detach(next(running(net, name, shape, initial, (now) => detach(next(now)))));
}

/** A running mean: `pace` of it is new, the rest stays. */
export function mixed(now: Value, fresh: Value, pace: number): Value {
  return add(scale(now, 1 - pace), scale(fresh, pace));
}
