import type { SampleSize } from '../../core/contract/sample.ts';
import type { RecipeInput } from '../../core/recipe/recipe.ts';
import type { SampleSettings } from '../../core/sample/types.ts';

/** What is made for a sample of a size: about every fifth picture has something about it that real ones have too. */
export function settingsOf(seed: number, size: SampleSize): SampleSettings {
  const { identities, picturesEach, groups, cropIdentities, cropsEach } = size;
  const share = (part: number): number => Math.floor(identities * picturesEach * part);
  return {
    ...{ seed, identities, picturesEach, groups },
    defects: {
      ...{ wrongLabels: share(0.025), duplicates: share(0.03), broken: share(0.017), masks: share(0.06) },
      twins: identities >= 10 ? 1 : 0,
    },
    training: { identities: cropIdentities, exam: Math.max(4, Math.round(0.1 * cropIdentities)), cropsEach },
  };
}

const batch = 32;
const epochs = 4;

/**
 * A network that learns to tell these people apart in about a minute. `version`, `exam`: hashes of the versions of the
 * crops to train on, a fifth of whose people are held out, and of those of people who look alike.
 */
export function sampleRecipe(version: string, exam: string, seed: number, size: SampleSize): RecipeInput {
  const heldOut = 0.2;
  // two are held out at least
  const trained = size.cropIdentities - Math.max(2, Math.ceil(size.cropIdentities * heldOut));
  const images = trained * size.cropsEach;
  const stepsPerEpoch = Math.max(1, Math.floor(images / batch));
  return {
    data: {
      version,
      holdOut: { by: 'identities', share: heldOut },
      augmentation: { flip: 0.5 },
    },
    network: { backbone: 'mobilefacenet', embedding: 128, size: size.side },
    head: { kind: 'arcface', options: { scale: 24, margin: 0.2 } },
    schedule: { rate: 0.1, warmUp: { epochs: 0.5 }, decay: { kind: 'cosine' } },
    batch: Math.min(batch, images),
    epochs: size.steps === null ? epochs : size.steps / stepsPerEpoch,
    seed,
    validation: { pairs: 2000, everyEpochs: 2, versions: [exam] },
    device: { provider: 'cpu' },
  };
}
