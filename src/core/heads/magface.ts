import { scalar } from '../graph/builder.ts';
import { add } from '../ops/add.ts';
import { clip } from '../ops/clip.ts';
import { divide } from '../ops/divide.ts';
import { scale as times } from '../ops/multiply.ts';
import { reduceMean } from '../ops/reduce-sum.ts';
import { arcCurve, arcTarget } from './arc.ts';
import { cosines, withMargin } from './cosine.ts';
import { cosineLogits, expectedLoss } from './expected.ts';
import type { Head, HeadSettings } from './head.ts';
import { lengthsOf } from './lengths.ts';
import { angleOption, fallbackOption, scaleOption, startOption } from './options.ts';

/**
 * MagFace (Meng et al. 2021): the target's logit is s·cos(θ + m(a)), where the margin grows by a line with the embedding's
 * length a, cut to [shortest, longest]; beside the logits' loss, λ·mean(a/longest² + 1/a) is made small, so that easy
 * pictures get long embeddings and their length tells their quality.
 */
export const magface: Head = {
  name: 'magface',
  title: 'MagFace',
  family: 'Margins and scales that adapt',
  about: 'Longer embeddings get larger margins, so that the length tells the quality.',
  presets: {
    'FaceX-Zoo': {
      ...{ scale: 64, margin: 0.45, marginMost: 0.8, shortest: 10, longest: 110 },
      ...{ weight: 20, fallback: 'none', start: 'unit' },
    },
    'FaceX-Zoo’s code': {
      ...{ scale: 32, margin: 0.45, marginMost: 0.8, shortest: 10, longest: 110 },
      ...{ weight: 20, fallback: 'none', start: 'unit' },
    },
  },
  options: [
    scaleOption,
    { ...angleOption, title: 'Least margin', about: 'Angle in radians of the shortest; the paper: 0.45.' },
    {
      name: 'marginMost',
      title: 'Largest margin',
      kind: 'number',
      least: 0,
      most: 1.5,
      about: 'Angle in radians of the longest; the paper: 0.8.',
    },
    {
      name: 'shortest',
      title: 'Shortest',
      kind: 'number',
      least: 0.1,
      most: 1000,
      about: 'Embeddings below this length have the least margin.',
    },
    {
      name: 'longest',
      title: 'Longest',
      kind: 'number',
      least: 0.2,
      most: 10_000,
      step: 10,
      about: 'Embeddings above this length have the largest margin; it must be above the shortest.',
    },
    {
      name: 'weight',
      title: 'Weight λ of the lengths',
      kind: 'number',
      least: 0,
      most: 1000,
      about: 'How much long embeddings are wanted, against the loss of the logits; FaceX-Zoo: 20.',
    },
    fallbackOption,
    startOption,
  ],
  impossible: (settings) => {
    const { shortest, longest, margin, marginMost } = complete(settings);
    if (longest <= shortest)
      return {
        option: 'longest',
        message: `must be above the shortest, which is ${shortest}; not ${longest}`,
      };
    if (marginMost < margin)
      return {
        option: 'marginMost',
        message: `must not be below the least, which is ${margin}; not ${marginMost}`,
      };
    return null;
  },
  held: [],
  build(net, embeddings, target, settings) {
    const { scale, fallback, weight, longest, shortest, start } = complete(settings);
    const { slope, base } = marginLine(settings);
    const a = clip(lengthsOf(embeddings), shortest, longest); // [n, 1]
    const margin = add(times(a, slope), scalar(base));
    const cosine = cosines(net, embeddings, target, start);
    const pull = reduceMean(add(times(a, 1 / longest ** 2), divide(scalar(1), a)));
    return {
      ...withMargin(cosine, target, scale, (c) => arcTarget(c, margin, fallback)),
      extra: times(pull, weight),
      figures: { margin: reduceMean(margin) },
    };
  },
  /** Of an embedding in the middle of the lengths. */
  target: (settings, c) => {
    const { shortest, longest } = complete(settings);
    return ownLogit(settings, c, (shortest + longest) / 2);
  },
  expectedLoss(settings, classes, embedding, loss) {
    const { scale, weight, shortest, longest } = complete(settings);
    const a = Math.min(longest, Math.max(shortest, Math.sqrt(embedding))); // as normalisation leaves it
    const own = (c: number): number => ownLogit(settings, c, a);
    const pull = weight * (a / longest ** 2 + 1 / a);
    return expectedLoss(cosineLogits(embedding, scale, own), classes, loss) + pull;
  },
};

function ownLogit(settings: HeadSettings, c: number, length: number): number {
  const { scale, fallback } = complete(settings);
  const { slope, base } = marginLine(settings);
  return scale * arcCurve(c, slope * length + base, fallback);
}

/** The margin is slope·length + base. */
function marginLine(settings: HeadSettings): { readonly slope: number; readonly base: number } {
  const { margin, marginMost, shortest, longest } = complete(settings);
  const slope = (marginMost - margin) / (longest - shortest);
  return { slope, base: margin - slope * shortest };
}

function complete({
  scale = 64,
  margin = 0.45,
  marginMost = 0.8,
  shortest = 10,
  longest = 110,
  weight = 20,
  fallback = 'none',
  start = 'unit',
}: HeadSettings) {
  return { scale, margin, marginMost, shortest, longest, weight, fallback, start };
}
