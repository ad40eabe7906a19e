/** What is recorded of every step of a run: a row of float32 numbers in this order. */
export const metricColumns = [
  'loss',
  'rate',
  /** Share of the batch recognised, with the head's margin in the way. */
  'top1',
  'top5',
  'gradientNorm',
  /** Mean length of the embeddings. */
  'featureNorm',
  /** Mean cosine to the own class, without a margin. */
  'targetCosine',
  /** Mean cosine to other classes (a sample of them). */
  'negativeCosine',
  /** Milliseconds of the step, the waiting included. */
  'stepMs',
  /** Milliseconds of it that went in waiting for crops. */
  'waitMs',
  /** Seconds of training so far, pauses left out. */
  'seconds',
] as const;

export type MetricColumn = (typeof metricColumns)[number];
