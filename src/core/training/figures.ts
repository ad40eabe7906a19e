/** What some runs record at every step beside `metricColumns`: numbers of their head or their loss, by name. */

export interface FigureWords {
  readonly title: string;
  /** Whether it is a share, 0..1. */
  readonly share?: boolean;
}

/** Words for the figures that are known; another one is called by its name. */
const words: Readonly<Record<string, FigureWords>> = {
  activeTriplets: { title: 'Triplets within the margin, share of all', share: true },
  angles: { title: 'Angles unlike the teacher’s' },
  centreDistance: { title: 'Mean squared distance to the centres' },
  centreSpread: { title: 'How far apart a class’s centres are, in cosines' },
  curriculum: { title: 'CurricularFace’s t' },
  distances: { title: 'Distances unlike the teacher’s' },
  extra: { title: 'Loss beside that of the logits' },
  factors: { title: 'Factors unlike the teacher’s' },
  features: { title: 'Embeddings unlike the teacher’s' },
  flow: { title: 'Flow from map to map unlike the teacher’s' },
  hardShare: { title: 'Hard negatives, share of all', share: true },
  lambda: { title: 'SphereFace’s λ' },
  lengthDeviation: { title: 'Running deviation of the feature norm' },
  lengthMean: { title: 'Running mean of the feature norm' },
  lossScale: { title: 'Scale of the loss (mixed precision)' },
  margin: { title: 'Mean margin' },
  medianCosine: { title: 'Median cosine to the own identity' },
  negativeWeight: { title: 'Mean weight of negatives' },
  neighbours: { title: 'Neighbours unlike the teacher’s' },
  paraphraser: { title: 'What the paraphraser loses of the teacher’s map' },
  quality: { title: 'Mean quality ẑ' },
  scale: { title: 'Scale s' },
  similarities: { title: 'Similarities unlike the teacher’s' },
  skippedSteps: { title: 'Steps skipped so far (mixed precision)' },
  softTargets: { title: 'Shares of classes unlike the teacher’s' },
};

export function wordsOf(figure: string): FigureWords {
  return words[figure] ?? { title: figure };
}
