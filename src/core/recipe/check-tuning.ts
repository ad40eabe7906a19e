import { backbones } from '../backbones/index.ts';
import { frozenIn } from './impossible-tuning.ts';
import { type Check, count, good, note, type PreflightFacts, percent, warning } from './preflight-facts.ts';

/** How much of the network learns, and what becomes of the rest. */
const frozen: Check = (facts) => {
  const backbone = backboneOf(facts);
  if (backbone === undefined || facts.recipe.fineTune.freeze.length === 0) return null;
  const { frozen: stay, parameters } = frozenIn(facts.recipe, backbone);
  if (stay === 0) return null;
  const learn = parameters - stay;
  const message =
    learn === 0
      ? `None of the network’s ${count(parameters)} numbers learns: only the classes do.`
      : `${percent(learn / parameters)} of the network’s numbers learn: ${count(learn)} of ${count(parameters)}. The others stay as they begin.`;
  // an imported network begins with its file's numbers, any other with random ones
  if ((facts.start ?? null) === null && backbone.fixed === undefined)
    return warning(
      'frozen',
      message,
      'They begin at random and would stay so: name under start what the network begins with, or freeze nothing.',
    );
  if (learn > 0) return good('frozen', message);
  return note(
    'frozen',
    message,
    'What is verified stays as it is before the first step. Let a second run begin with this one, at a small rate and with nothing frozen.',
  );
};

/** Whether a network stays as it is, so that nothing is said of a rate or statistics for its sake. */
export function onlyClassesLearn(facts: PreflightFacts): boolean {
  const backbone = backboneOf(facts);
  if (backbone === undefined || facts.recipe.fineTune.freeze.length === 0) return false;
  const { frozen: stay, parameters } = frozenIn(facts.recipe, backbone);
  return stay === parameters;
}

function backboneOf({ recipe, extras }: PreflightFacts): (typeof backbones)[number] | undefined {
  return [...(extras?.backbones ?? []), ...backbones].find(({ name }) => name === recipe.network.backbone);
}

/** What of a network is trained. */
export const tuningChecks: readonly Check[] = [frozen];
