import { heads } from '../heads/index.ts';
import { type Check, count, good, note, percent, plural, warning } from './preflight-facts.ts';
import { summarise } from './sizes.ts';

const solverNames: Readonly<Record<string, string>> = { umeyama: 'Umeyama', evolve: 'face.evoLVe' };
const nameOf = (solver: string): string => solverNames[solver] ?? solver;

/** Fewer pictures of one person than this teach little about how a face varies. */
const fewImages = 5;

const lowShot: Check = ({ recipe, version }) => {
  const all = summarise(version);
  const { minImagesPerIdentity: least } = recipe.data;
  const kept = summarise(version, least);
  const people = all.identities - kept.identities;
  if (people === 0) return null;
  const images = all.images - kept.images;
  const message = `${plural(people, 'identity has', 'identities have')} fewer than ${least} pictures and ${people === 1 ? 'is' : 'are'} left out, with ${plural(images, 'picture', 'pictures')} (${percent(images / all.images)} of all).`;
  const advice = `Lower “fewest pictures an identity” to use them, or add pictures of these people; nothing is deleted.`;
  return images * 2 > all.images ? warning('low-shot', message, advice) : note('low-shot', message, advice);
};

const imagesPerIdentity: Check = ({ train }) => {
  const { identities, fewest, median, most } = summarise(train);
  if (identities === 0) return null;
  const message =
    fewest === most
      ? `Every identity has ${plural(most, 'picture', 'pictures')}.`
      : `Identities have ${count(fewest)} to ${count(most)} pictures, ${count(median)} in the middle.`;
  if (median < fewImages) {
    return warning(
      'images-per-identity',
      message,
      'So few pictures of each person teach names rather than faces: add pictures, or leave out the smallest identities.',
    );
  }
  if (most > 20 * median) {
    return note(
      'images-per-identity',
      message,
      'A few people have most of the pictures: draw identities evenly (the balanced sampler).',
    );
  }
  return good('images-per-identity', message);
};

const alignment: Check = ({ solvers }) => {
  const used = Object.entries(solvers).filter(([, crops]) => crops > 0);
  const total = used.reduce((sum, [, crops]) => sum + crops, 0);
  if (used.length > 1) {
    const parts = used
      .map(([solver, crops]) => `${percent(crops / total)} by ${nameOf(solver)}’s`)
      .join(', ');
    return warning(
      'alignment',
      `The crops were aligned in different ways: ${parts}. Their corners differ by up to 12 pixels.`,
      'Align the datasets again with one solver and make a new version.',
    );
  }
  const only = used[0];
  return only === undefined
    ? null
    : good(
        'alignment',
        `All ${count(total)} crops were aligned in one way, ${nameOf(only[0])}’s, to the usual template of 112 pixels.`,
      );
};

const cropSide: Check = ({ recipe, cropSides: [smallest, largest] }) => {
  const { size } = recipe.network;
  const { cropFrom } = recipe.data.augmentation;
  if (smallest === 0) return null;
  const sides = smallest === largest ? `${smallest} pixels` : `${smallest} to ${largest} pixels`;
  if (smallest < size) {
    return warning(
      'crop-side',
      `The crops are ${sides} and the network takes ${size}: they are enlarged ${percent(size / smallest - 1)}, which adds no detail.`,
      `Set the input to ${smallest} pixels, or align again for larger crops.`,
    );
  }
  if (cropFrom !== null && cropFrom > smallest * 1.5) {
    return warning(
      'crop-side',
      `Crops of ${sides} are enlarged to ${cropFrom} before ${size} are cut out: the face fills more than the picture.`,
      `Resize to ${Math.round((size * 8) / 7)}, as face.evoLVe does, or switch cutting off.`,
    );
  }
  if (largest > size * 2) {
    return note(
      'crop-side',
      `The crops are ${sides} and are made smaller to ${size}: detail that there is goes unused.`,
      'A larger input uses it, at the cost of time that grows with the square of the side.',
    );
  }
  return null;
};

/** Batches for heads that compare pictures with each other, and the other way round. */
const pairs: Check = ({ recipe, train }) => {
  const head = heads.find(({ name }) => name === recipe.head.kind);
  const { sampler } = recipe.data;
  const { identities, images } = summarise(train);
  if (sampler.kind === 'identities' && identities < sampler.identities) {
    return warning(
      'pairs',
      `A batch takes ${plural(sampler.identities, 'identity', 'identities')}, and there are ${count(identities)} to train on.`,
      'Lower the identities a batch, or train on more people: the run would end at once.',
    );
  }
  if (head?.compares !== 'pictures' || images < 2 || ['module', 'plugin'].includes(sampler.kind)) return null;
  if (sampler.kind === 'identities')
    return good(
      'pairs',
      `Every picture meets ${count(sampler.pictures - 1)} more of its identity in its batch.`,
    );
  // that one of the others in the batch is of the same identity
  const meets = (of: number): number => 1 - (1 - (of - 1) / (images - 1)) ** (recipe.batch - 1);
  const share = train.reduce((sum, [of, people]) => sum + of * people * meets(of), 0) / images;
  const message = `${head.title} compares pictures of a batch, and the sampler draws them one by one: ${percent(share)} of them meet another of their identity.`;
  const advice = 'Draw some people and several pictures of each (the sampler “identities”).';
  return share < 0.9 ? warning('pairs', message, advice) : note('pairs', message, advice);
};

/** Pictures and people. */
export const dataChecks: readonly Check[] = [lowShot, imagesPerIdentity, pairs, alignment, cropSide];
