import { type Check, count, good, note, plural, warning } from './preflight-facts.ts';
import { pairsOf, summarise } from './sizes.ts';

/** With fewer pairs one pair is more than a third of a per cent. */
const fewPairs = 300;

const holdOut: Check = ({ recipe, heldOut }) => {
  const { by } = recipe.data.holdOut;
  const { pairs, versions, benchmarks } = recipe.validation;
  if (by === 'none') {
    if (versions.length + benchmarks.length > 0) return null;
    return warning(
      'hold-out',
      'Nothing is held out and no other version or benchmark is verified on: nobody will see whether the network learns faces or names.',
      'Hold out a tenth of the identities, or choose a version or benchmark to verify on.',
    );
  }
  const { images, identities } = summarise(heldOut);
  const there = pairsOf(heldOut);
  const drawn = 2 * Math.min(Math.floor(pairs / 2), there.same, there.different);
  const kept = `${plural(identities, 'identity', 'identities')} with ${plural(images, 'picture', 'pictures')}`;
  if (drawn === 0) {
    return warning(
      'hold-out',
      `What is held out, ${kept}, gives no pairs to verify on.`,
      'Hold out more, so that there are two identities with two pictures each.',
    );
  }
  const message = `Held out are ${kept}: ${count(drawn)} pairs of the ${count(pairs)} asked for.`;
  if (drawn < Math.min(fewPairs, pairs)) {
    return warning(
      'hold-out',
      message,
      'An accuracy of so few pairs jumps about: hold out more, or verify on another version too.',
    );
  }
  if (drawn < pairs) return note('hold-out', message, 'Hold out more for a steadier accuracy.');
  return good('hold-out', `Held out are ${kept}: enough for ${count(pairs)} pairs.`);
};

const sameFaces: Check = ({ recipe }) =>
  recipe.data.holdOut.by === 'images'
    ? note(
        'same-people',
        'Verification is on new pictures of people who are trained on, which is easier than on strangers.',
        'Hold out identities where there are enough of them.',
      )
    : null;

const leak: Check = ({ overlaps }) => {
  const leaks = overlaps.filter(({ identities }) => identities > 0);
  if (leaks.length === 0) {
    return overlaps.length === 0
      ? null
      : good('leak', `Nobody of ${overlaps.map(({ set }) => `“${set}”`).join(', ')} is trained on.`);
  }
  const parts = leaks.map(
    ({ set, identities, images }) =>
      `${plural(identities, 'identity', 'identities')} of “${set}” (${plural(images, 'picture', 'pictures')})`,
  );
  return warning(
    'leak',
    `${parts.join(' and ')} ${leaks.length === 1 && leaks[0]?.identities === 1 ? 'is' : 'are'} trained on too: the accuracy there will be too good.`,
    'Verify on people who are not in the training data, or take them out of one of the two.',
  );
};

/** What is verified on. */
export const holdOutChecks: readonly Check[] = [holdOut, sameFaces, leak];
