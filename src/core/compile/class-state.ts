import { assert } from '../base/assert.ts';
import { input } from '../graph/builder.ts';
import { count, sameShape } from '../graph/shape.ts';
import type { Shape } from '../graph/value.ts';
import { type Initial, openNet } from '../layers/net.ts';
import { oneHot } from '../ops/one-hot.ts';
import type { LossPlan } from './1-build.ts';

/** A tensor that has as many rows for every class. */
export interface ClassTensor {
  /** [classes · rows a class, ..] */
  readonly shape: Shape;
  readonly initial: Initial;
}

/**
 * What a head keeps for every class, by name, where only a sample of the classes enters a step; empty where all do. No head
 * has to tell: it is what has another shape with one class more.
 */
export function classState(plan: LossPlan): ReadonlyMap<string, ClassTensor> {
  if (plan.sampled === undefined) return new Map();
  const [all, more] = [headOf(plan, plan.classes), headOf(plan, plan.classes + 1)];
  const found = new Map<string, ClassTensor>();
  const larger = new Map(more.map(({ name, shape }) => [name, shape]));
  for (const { name, shape, initial } of all) {
    const other = larger.get(name);
    if (other === undefined || sameShape(shape, other)) continue;
    const byRows = (other[0] ?? 0) > (shape[0] ?? 0) && sameShape(other.slice(1), shape.slice(1));
    assert(byRows && count(shape) % plan.classes === 0, `the classes of ${name} are its rows`);
    found.set(name, { shape, initial });
  }
  return found;
}

/** The head's own tensors for so many classes. */
function headOf(
  { head, headSettings, settings, batch, frozen }: LossPlan,
  classes: number,
): readonly (ClassTensor & { readonly name: string })[] {
  const net = openNet(true, frozen);
  const labels = input('labels', [batch], 'int32');
  const embeddings = input('embeddings', [batch, settings.embedding]);
  head.build(net, embeddings, oneHot(labels, classes), headSettings, labels);
  return [...net.parameters, ...net.running];
}
