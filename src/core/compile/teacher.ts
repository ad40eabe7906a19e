import { defined } from '../base/assert.ts';
import { input } from '../graph/builder.ts';
import { teacherEmbedding, teacherLogits, teacherMap } from '../heads/distillation.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { oneHot } from '../ops/one-hot.ts';
import { buildEmbedding, type LossPlan } from './1-build.ts';
import { simplify } from './4-simplify.ts';
import { emit } from './5-emit.ts';

/**
 * A trained network as a teacher: crops `images` [batch, size, size, 3] of uint8, and with its head also `labels` [batch] of
 * int32, to `teacher` [batch, d] and `teacher-logits` [batch, classes], which have the head's margin at the label as a
 * student's have, and to the maps of that name. By running statistics; `trained` has every number by its name.
 */
export function compileTeacher(
  plan: LossPlan,
  trained: ReadonlyMap<string, Float32Array>,
  withHead: boolean,
  mapNames: readonly string[] = [],
): OnnxModel {
  const { batch, classes, head, headSettings } = plan;
  const { net, embedding, maps } = buildEmbedding(plan, batch);
  const results: [string, typeof embedding][] = [[teacherEmbedding, embedding]];
  if (withHead) {
    const labels = input('labels', [batch], 'int32');
    const { logits } = head.build(net, embedding, oneHot(labels, classes), headSettings, labels);
    results.push([teacherLogits, logits]);
  }
  for (const name of mapNames) {
    const map = maps.find((one) => one.name === name);
    results.push([teacherMap(name), defined(map, `the map ${name}`).value]);
  }
  const constants = new Map(
    [...net.parameters, ...net.running].map(({ name }) => [
      name,
      defined(trained.get(name), `the trained ${name}`),
    ]),
  );
  const simple = simplify(results.map(([, value]) => value));
  return emit(new Map(results.map(([name], i) => [name, defined(simple[i], name)])), {
    name: `teacher ${plan.backbone.name}`,
    constants,
  });
}
