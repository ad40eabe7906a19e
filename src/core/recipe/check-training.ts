import { onlyClassesLearn } from './check-tuning.ts';
import { headPlanOf } from './plan.ts';
import { type Check, count, figure, good, note, percent, plural, warning } from './preflight-facts.ts';
import { yardstick } from './yardstick.ts';

/** A scale of so many yardsticks is the most; face.evoLVe's 64 for 72,778 identities is 4.04. */
const steepest = 5;

const classCount: Check = ({ recipe, outlook, extras }) => {
  const classes = outlook.identities;
  const { headSettings, sampled } = headPlanOf(recipe, classes, extras);
  const { scale } = headSettings;
  if (scale === undefined || classes < 2) return null;
  const s = yardstick(sampled ?? classes);
  const those =
    sampled === undefined ? `${count(classes)} identities` : `${count(sampled)} identities a step`;
  const message = `The head’s scale is ${figure(scale)} for ${those}; AdaCos’s yardstick √2·ln(C − 1) is ${figure(s)}.`;
  if (scale < s) {
    return warning(
      'class-count',
      message,
      `With so small a scale the loss can’t fall, however good the embeddings: set it to ${Math.ceil(s)} to ${Math.round(s * 4)}.`,
    );
  }
  if (scale > s * steepest) {
    return note(
      'class-count',
      message,
      `Such a steep scale looks at the hardest pictures only and starts unsteadily; ${Math.round(s * 2)} to ${Math.round(s * 4)} is usual for so few identities.`,
    );
  }
  return good('class-count', message);
};

/** What goes with a step of so many pictures: 0.1 for 512 (SGD with momentum), 0.0005 for 512 (AdamW). */
function usualRate(kind: 'sgd' | 'adamw', images: number): number {
  return ((kind === 'sgd' ? 0.1 : 5e-4) * images) / 512;
}

const rate: Check = (facts) => {
  const { recipe } = facts;
  const { optimizer, schedule, batch, accumulation } = recipe;
  const images = batch * accumulation;
  const usual = usualRate(optimizer.kind, images);
  const ratio = schedule.rate / usual;
  // what is usual keeps networks from diverging; classes alone bear far more
  if (ratio > 4 && onlyClassesLearn(facts)) return null;
  const published = optimizer.kind === 'sgd' ? '0.1' : '0.0005';
  const message = `The rate is ${figure(schedule.rate)} for ${plural(images, 'picture', 'pictures')} a step; the papers’ ${published} for 512 comes to ${figure(usual)}.`;
  if (ratio > 4) {
    return warning(
      'rate',
      message,
      `A rate ${figure(ratio)} times as high may diverge: try ${figure(usual)}, and no more than ${figure(usual * 4)}.`,
    );
  }
  if (ratio < 0.1) {
    return note(
      'rate',
      message,
      `So low a rate learns slowly; it may suit a fork. Else try ${figure(usual)}.`,
    );
  }
  return good('rate', message);
};

/** Rates from which a beginning without a warm-up is risky. */
const highRate = { sgd: 0.05, adamw: 1e-3 } as const;

const warmUp: Check = (facts) => {
  const { optimizer, schedule } = facts.recipe;
  if (schedule.warmUp.epochs > 0 || schedule.rate < highRate[optimizer.kind]) return null;
  if (onlyClassesLearn(facts)) return null;
  return warning(
    'warm-up',
    `The first step is taken at the full rate of ${figure(schedule.rate)}, while class weights are random.`,
    'Let the rate grow over the first epoch or two.',
  );
};

const steps: Check = ({ outlook }) => {
  const { steps: total, stepsPerEpoch } = outlook;
  if (stepsPerEpoch === 0) return null;
  if (total >= 100) return null;
  return warning(
    'steps',
    `The whole run is ${plural(total, 'step', 'steps')}: too few to learn from.`,
    'More epochs or a smaller batch give more steps; a few thousand are usual.',
  );
};

const batchSize: Check = ({ recipe, outlook }) => {
  const images = recipe.batch * recipe.accumulation;
  if (images <= outlook.images) return null;
  return warning(
    'batch-data',
    `A step takes ${plural(images, 'picture', 'pictures')}, and there are ${count(outlook.images)} to train on.`,
    `Lower the batch to ${Math.max(2, 2 ** Math.floor(Math.log2(Math.max(2, outlook.images / 8))))} or less.`,
  );
};

/** Statistics of fewer pictures are noise. */
const steadyStatistics = 16;

const statistics: Check = ({ recipe }) => {
  const { batch, accumulation } = recipe;
  if (batch >= steadyStatistics && accumulation === 1) return null;
  if (batch < steadyStatistics) {
    return note(
      'batch-statistics',
      `Batch normalisation sees ${count(batch)} pictures at a time; below ${steadyStatistics} their mean and variance are unsteady.`,
      accumulation > 1
        ? 'Accumulation does not help that: raise the batch and lower the accumulation as far as the memory allows.'
        : 'Raise the batch as far as the memory allows.',
    );
  }
  return note(
    'batch-statistics',
    `A step takes ${count(batch * accumulation)} pictures in ${count(accumulation)} parts; batch normalisation sees ${count(batch)} at a time.`,
    'That is no hindrance; the numbers differ slightly from those of one large batch.',
  );
};

const beginning: Check = ({ start = null }) => {
  if (start === null) return null;
  const message = `The network begins with ${start.of}.`;
  if (start.classes === 'same')
    return good('start', `${message} Its classes are the same people: their weights are taken over, too.`);
  return note(
    'start',
    start.classes === 'none'
      ? `${message} Classes begin anew.`
      : `${message} Its classes are other people: they begin anew.`,
    'A rate of a tenth of the usual, or frozen first layers, keep what it knows while the classes are random.',
  );
};

/** A teacher that takes more than this share of a step is worth a word. */
const muchForTeacher = 0.5;

const teaching: Check = ({ teacher = null, measured }) => {
  if (teacher === null) return null;
  const { teacherMs = 0, msPerStep = 0 } = measured ?? {};
  const message = `The network learns from ${teacher}, too`;
  if (measured === null) return note('teacher', `${message}.`, 'A trial tells what that costs a step.');
  const share = teacherMs / msPerStep;
  const cost = `${message}: the teacher takes ${figure(teacherMs)} of a step’s ${figure(msPerStep)} ms, ${percent(share)}.`;
  if (share <= muchForTeacher) return good('teacher', cost);
  return note('teacher', cost, 'A smaller teacher, or one of smaller pictures, would be quicker.');
};

/** By how much a first loss may differ from what random weights give. */
const lossTolerance = 0.15;

const firstLoss: Check = ({ measured }) => {
  if (measured === null) return null;
  const { firstLoss: first, expectedLoss: expected } = measured;
  if (!Number.isFinite(first)) {
    return warning(
      'first-loss',
      'The first loss is not a number.',
      'Look at the pixels’ deviation and the head’s scale: numbers grew beyond all bounds in the first step.',
    );
  }
  if (expected === null) return null;
  const off = first / expected - 1;
  const message = `The first loss was ${figure(first)}; random weights should give ${figure(expected)}.`;
  if (Math.abs(off) <= lossTolerance) return good('first-loss', message);
  return warning(
    'first-loss',
    message,
    off < 0
      ? `It is ${percent(-off)} lower: the labels may be told by something else than faces, or the network knows the data.`
      : `It is ${percent(off)} higher: look at the head’s settings, the pixels’ mean and deviation, and a few crops.`,
  );
};

/** The way of training. */
export const trainingChecks: readonly Check[] = [
  classCount,
  rate,
  warmUp,
  steps,
  batchSize,
  statistics,
  beginning,
  teaching,
  firstLoss,
];
