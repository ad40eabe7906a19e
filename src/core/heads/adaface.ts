import { scalar } from '../graph/builder.ts';
import { side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { detach } from '../ops/detach.ts';
import { divide } from '../ops/divide.ts';
import { multiply, scale as times } from '../ops/multiply.ts';
import { reduceMean, reduceSum } from '../ops/reduce-sum.ts';
import { sqrt } from '../ops/sqrt.ts';
import { step } from '../ops/step.ts';
import { subtract } from '../ops/subtract.ts';
import { angleOf, arc, choose } from './arc.ts';
import { carried, mixed } from './carried.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { lengthsOf } from './lengths.ts';
import { angleOption, paceOption, scaleOption, startOption } from './options.ts';

/**
 * AdaFace (Kim et al. 2022): ẑ = clip(h·(‖f‖ − μ)/σ, −1, 1) tells the picture's quality by its embedding's length, with
 * running mean μ and deviation σ of the lengths; the target's logit is s·(cos(θ − m·ẑ) − m·(1 + ẑ)), with θ − m·ẑ cut
 * to [0, π]. A good picture gets a margin of the cosine, a bad one of the angle.
 */
export const adaface: Head = {
  name: 'adaface',
  title: 'AdaFace',
  family: 'Margins and scales that adapt',
  about: 'The margin depends on the picture’s quality: for data with bad pictures.',
  presets: { paper: { scale: 64, margin: 0.4, concentration: 0.333, pace: 0.01, start: 'unit' } },
  options: [
    scaleOption,
    {
      ...angleOption,
      about: 'Of the angle (radians) for bad pictures, of the cosine for good ones; the paper: 0.4.',
    },
    {
      name: 'concentration',
      title: 'Concentration h',
      kind: 'number',
      least: 0,
      most: 5,
      step: 0.01,
      about: 'The margin is all of one kind 1/h standard deviations from the mean length; the paper: 0.333.',
    },
    paceOption,
    startOption,
  ],
  held: ['the quality ẑ'],
  build(net, embeddings, target, settings) {
    const { scale, margin, concentration, pace, start } = complete(settings);
    const lengths = clip(detach(lengthsOf(embeddings)), 0.001, 100); // [n, 1]
    const fresh = spreadOf(lengths);
    const mean = carried(net, 'classes.lengths.mean', firstMean, (now) => mixed(now, fresh.mean, pace));
    const deviation = carried(net, 'classes.lengths.deviation', firstDeviation, (now) =>
      mixed(now, fresh.deviation, pace),
    );
    const relative = divide(subtract(lengths, mean), add(deviation, scalar(tiny)));
    const quality = detach(clip(times(relative, concentration), -1, 1)); // [n, 1]
    const less = add(times(quality, margin), scalar(margin));
    const cosine = cosines(net, embeddings, target, start);
    return {
      ...withMargin(cosine, target, scale, (c) => subtract(turned(c, times(quality, -margin)), less)),
      figures: { quality: reduceMean(quality), lengthMean: mean, lengthDeviation: deviation },
    };
  },
  /** Of a picture of the usual quality. */
  target: (settings, c) => ownLogit(settings, c, 0),
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, concentration, pace } = complete(settings);
    const length = Math.sqrt(embedding); // as normalisation leaves it, with a deviation of about √½
    const mean = firstMean + pace * (length - firstMean);
    const deviation = firstDeviation + pace * (Math.SQRT1_2 - firstDeviation);
    const quality = (concentration * (Math.min(100, length) - mean)) / (deviation + tiny);
    const own = (c: number): number => ownLogit(settings, c, Math.max(-1, Math.min(1, quality)));
    return expectedLoss(cosineLogits(embedding, scale, own), classes, loss);
  },
};

/** What the lengths' mean and deviation begin as. */
const [firstMean, firstDeviation] = [20, 100] as const;
/** Keeps the quality finite where all lengths are the same. */
const tiny = 1e-3;

/** Mean, and deviation with n − 1, of a column [n, 1]. */
function spreadOf(x: Value): { readonly mean: Value; readonly deviation: Value } {
  const mean = reduceMean(x);
  const away = subtract(x, mean);
  const n = side(x.shape, 0);
  return { mean, deviation: sqrt(times(reduceSum(multiply(away, away)), 1 / Math.max(1, n - 1))) };
}

/** cos(clip(θ + g, 0, π)) of c = cos θ, for angles g [n, 1] of either sign. */
function turned(c: Value, g: Value): Value {
  const angle = angleOf(g);
  const [back, forth] = [step(times(g, -1)), step(g)];
  const under = multiply(back, step(subtract(c, angle.cosine))); // θ < −g
  const over = multiply(forth, step(times(add(c, angle.cosine), -1))); // θ > π − g
  return choose(under, scalar(1), choose(over, scalar(-1), arc(c, angle)));
}

function ownLogit(settings: HeadSettings, c: number, quality: number): number {
  const { scale, margin } = complete(settings);
  const angle = Math.min(Math.PI, Math.max(0, Math.acos(c) - margin * quality));
  return scale * (Math.cos(angle) - margin * (1 + quality));
}

function complete({
  scale = 64,
  margin = 0.4,
  concentration = 0.333,
  pace = 0.01,
  start = 'unit',
}: HeadSettings) {
  return { scale, margin, concentration, pace, start };
}
