import { defined } from '../base/assert.ts';
import type { OnnxModel } from '../onnx/types.ts';
import { buildNormalised, type NetworkPlan } from './1-build.ts';
import { simplify } from './4-simplify.ts';
import { emit } from './5-emit.ts';
import { foldWith } from './fold.ts';

/** Where an exported network comes from. */
export interface ExportOrigin {
  /** The recipe as JSON; null for a network that was trained elsewhere. */
  readonly recipe: string | null;
  /** Hash of the dataset version; null likewise. */
  readonly version: string | null;
}

/**
 * The network for other programs, by ONNX's own operators: crops `input` [batch, 3, size, size], aligned to the template
 * and already normalised as (pixel − mean)/deviation, to `embedding` [batch, d] of any length; any batch. Normalisation is
 * folded into its neighbours where that is exact. Values that are the map of a part of the network, see `stageMaps`, have
 * its name, so that the file can teach by them. `trained` has every parameter and running statistic by name.
 */
export function compileExport(
  plan: NetworkPlan,
  trained: ReadonlyMap<string, Float32Array>,
  origin: ExportOrigin,
): OnnxModel {
  const { net, embedding, maps } = buildNormalised(plan, 2);
  for (const { name } of [...net.parameters, ...net.running])
    defined(trained.get(name), `the trained ${name}`);
  const stages = maps.map(({ value }) => value);
  const folded = foldWith(embedding, stages, trained);
  const [simple, ...others] = simplify([folded.result, ...folded.values.filter((value) => value !== null)]);
  const known = maps
    .filter((_, i) => folded.values[i] !== null)
    .map(({ name }, i) => [name, others[i]] as const);
  const inner = new Map(known.flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return emit(new Map([['embedding', defined(simple, 'the simplified embedding')]]), {
    name: plan.backbone.name,
    metadata: exportMetadata(plan, origin, [...inner.keys()]),
    inner,
    opset: 17, // of 2022: nothing newer is needed, and more programs read it
    batch: { name: 'batch', inputs: ['input'] },
  });
}

/** What a file says of itself, so that it can be used without Lineament. */
function exportMetadata(
  plan: NetworkPlan,
  origin: ExportOrigin,
  maps: readonly string[],
): ReadonlyMap<string, string> {
  const { backbone, settings, size, pixels } = plan;
  return new Map([
    ['task', 'embedding'],
    ['backbone', backbone.name],
    ['input_size', String(size)],
    ['colour_order', pixels.order],
    ['mean', String(pixels.mean)],
    ['deviation', String(pixels.deviation)],
    ['alignment_template', 'arcface-112'],
    ['embedding_size', String(settings.embedding)],
    ...(maps.length > 0 ? [['maps', maps.join()] as const] : []),
    ...(origin.recipe === null ? [] : [['recipe', origin.recipe] as const]),
    ...(origin.version === null ? [] : [['dataset_version', origin.version] as const]),
  ]);
}
