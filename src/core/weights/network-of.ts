import type { Backbone, BackboneSettings } from '../backbones/backbone.ts';
import { hasCode } from '../base/errors.ts';
import { matchWeights, type WantedNetwork, type WeightsMatch } from './match.ts';
import type { TorchState } from './torch-state.ts';

/** Sides of pictures that networks are trained with. */
const usualSizes = [112, 224, 128, 96, 160, 192, 64, 48, 32] as const;

export interface Fit extends WeightsMatch {
  readonly network: WantedNetwork;
}

/**
 * How a file fits a backbone whose settings nobody stated: the embedding's length is that of the file's, and of the sizes
 * that pictures usually have it is one at which all shapes agree. `settings` and `size` are kept where they are given.
 * Throws `weights/no-match`.
 */
export function fitBackbone(
  state: TorchState,
  backbone: Backbone,
  file: string,
  given: { readonly settings?: Partial<BackboneSettings>; readonly size?: number | null } = {},
): Fit {
  const settings = { ...backbone.defaults, ...given.settings };
  const size = given.size ?? backbone.input;
  const first = fitted(state, { backbone, settings, size }, file);
  const all = given.settings?.embedding === undefined ? embeddingOf(first) : null;
  const known =
    all === null ? first : fitted(state, { backbone, settings: { ...settings, embedding: all }, size }, file);
  // another size changes shapes, not names
  const { missing, otherShape } = known.report;
  if (missing.length > 0 || otherShape.length === 0 || typeof given.size === 'number') return known;
  for (const side of usualSizes) {
    if (side === size || side % (backbone.multipleOf ?? 1) !== 0) continue;
    const other = fitted(state, { ...known.network, size: side }, file);
    if (other.report.otherShape.length < otherShape.length) return other;
  }
  return known;
}

/** The backbone of a file that says nothing of it: of those that have all they want, the one that leaves the least over. */
export function recogniseBackbone(
  state: TorchState,
  backbones: readonly Backbone[],
  file: string,
): Fit | null {
  let best: Fit | null = null;
  for (const backbone of backbones) {
    let found: Fit;
    try {
      found = fitBackbone(state, backbone, file);
    } catch (thrown) {
      if (hasCode(thrown, 'weights/no-match')) continue;
      throw thrown;
    }
    if (!isWhole(found)) continue;
    // nothing is left but what stands outside of the network, such as a head
    if (!found.report.unused.some((name) => name.startsWith(found.report.prefix))) return found;
    if (best === null || found.report.unused.length < best.report.unused.length) best = found;
  }
  return best;
}

/** Whether nothing is missing. */
export function isWhole({ report }: WeightsMatch): boolean {
  return report.matched === report.wanted;
}

const fitted = (state: TorchState, network: WantedNetwork, file: string): Fit => ({
  ...matchWeights(state, network, file),
  network,
});

/** The length of the file's embedding where it differs: a vector behind everything else has another length. */
function embeddingOf({ report, network }: Fit): number | null {
  const wanted = network.settings.embedding;
  const last = report.otherShape.filter((one) => one.wanted.length === 1 && one.wanted[0] === wanted).at(-1);
  return last?.got[0] ?? null;
}
