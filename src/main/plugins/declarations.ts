/** `lineament.d.ts` of the plugins folder: the kit of src/core/plugins/kit.ts as types that an editor reads. */
export const declarations = `/** What a plugin of Lineament is given, and what it returns. Written anew by \`lineament plugin new\`. */

/** A value of a computation. Nothing is computed while a network is built; sides are known. */
export interface Value {
  readonly shape: readonly number[];
}
/** The network in the making; layers add their parameters to it. */
export interface Net {
  readonly training: boolean;
}

export type Activation = 'relu' | 'relu6' | 'prelu' | 'leaky-relu' | 'silu' | 'hard-swish' | 'gelu';
type Pair = readonly [number, number];
type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'xavier'; readonly fanIn: number; readonly fanOut: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number; readonly middle?: number };
interface ConvOptions {
  readonly stride?: number | Pair;
  /** Of every side, or of top, left, bottom, right. */
  readonly padding?: number | readonly [number, number, number, number];
  readonly dilation?: number | Pair;
  readonly groups?: number;
}
interface Conv2dOptions extends ConvOptions {
  readonly out: number;
  readonly kernel: number | Pair;
  readonly bias?: boolean;
  readonly initial?: 'xavier' | 'he';
}
interface PoolOptions {
  readonly kernel: number | Pair;
  readonly stride?: number | Pair;
  readonly padding?: number;
  readonly ceil?: boolean;
}
interface OutputOptions {
  readonly embedding: number;
  readonly dropout: number;
  readonly output?: 'e' | 'own';
}

/** Layers: each has a name of its own in the network, by which checkpoints know its parameters. */
export interface Layers {
  /** What training changes: [..shape]. */
  parameter(net: Net, name: string, shape: readonly number[], initial: Initial, options?: { readonly decays?: boolean; readonly within?: Pair }): Value;
  /** Carried along without a derivative; \`next\` gives its value after a step. */
  running(net: Net, name: string, shape: readonly number[], initial: number, next: (now: Value) => Value): Value;
  /** [n, in, h, w] -> [n, out, oh, ow] */
  conv2d(net: Net, name: string, x: Value, options: Conv2dOptions): Value;
  /** [n, in] -> [n, out] */
  linear(net: Net, name: string, x: Value, options: { readonly out: number; readonly bias?: boolean; readonly initial?: Initial }): Value;
  batchNorm(net: Net, name: string, x: Value, options?: { readonly gamma?: number; readonly epsilon?: number; readonly momentum?: number }): Value;
  prelu(net: Net, name: string, x: Value): Value;
  layerNorm(net: Net, name: string, x: Value, epsilon?: number): Value;
  /** Convolution without bias, batch normalisation, activation. */
  block(net: Net, name: string, x: Value, options: Conv2dOptions & { readonly activation?: Activation }): Value;
  /** The options of a depthwise convolution that keeps the sides, or divides them by the stride. */
  depthwise(channels: number, kernel?: number, stride?: number): Conv2dOptions;
  activate(net: Net, name: string, x: Value, kind: Activation): Value;
  squeezeExcite(net: Net, name: string, x: Value, options: { readonly middle: number; readonly bias?: boolean; readonly activation?: Activation; readonly gate?: 'sigmoid' | 'hard-sigmoid' }): Value;
  dropout(net: Net, name: string, x: Value, rate: number): Value;
  /** Stochastic depth: leaves a unit out for some pictures. */
  dropPath(net: Net, name: string, x: Value, rate: number): Value;
  /** [n, c, h, w] -> [n, c] */
  globalMean(x: Value): Value;
  maxPool2d(x: Value, options: PoolOptions): Value;
  meanPool2d(x: Value, options: PoolOptions): Value;
  /** [n, c, h, w] -> [n, c*h*w] */
  flatten(x: Value): Value;
  /** Channels from \`begin\` up to and without \`end\`. */
  channels(x: Value, begin: number, end: number): Value;
  shuffleChannels(x: Value, groups: number): Value;
  /** Every row [n, d] divided by its length. */
  unitRows(x: Value): Value;
  /** From a map to embeddings: "E" of face.evoLVe, or by the mean of every channel where \`output\` is 'own'. */
  outputLayer(net: Net, map: Value, options: OutputOptions): Value;
  outputE(net: Net, map: Value, options: OutputOptions): Value;
  outputMean(net: Net, map: Value, options: OutputOptions): Value;
}

/** Operators; two operands are broadcast against each other. Each knows its derivative. */
export interface Ops {
  constant(data: ArrayLike<number>, shape: readonly number[]): Value;
  scalar(value: number): Value;
  add(a: Value, b: Value): Value;
  subtract(a: Value, b: Value): Value;
  multiply(a: Value, b: Value): Value;
  divide(a: Value, b: Value): Value;
  scale(x: Value, factor: number): Value;
  maximum(a: Value, b: Value): Value;
  clip(x: Value, low: number, high: number): Value;
  /** 1 where x > 0, else 0; no derivative. */
  step(x: Value): Value;
  /** The same numbers, held constant where the derivative is taken. */
  detach(x: Value): Value;
  relu(x: Value): Value;
  sigmoid(x: Value): Value;
  silu(x: Value): Value;
  gelu(x: Value): Value;
  hardSigmoid(x: Value): Value;
  hardSwish(x: Value): Value;
  /** Over the last axis. */
  softmax(x: Value): Value;
  logSoftmax(x: Value): Value;
  exp(x: Value): Value;
  log(x: Value): Value;
  sqrt(x: Value): Value;
  sin(x: Value): Value;
  cos(x: Value): Value;
  /** \`ta\`, \`tb\`: with the last two axes of a or b exchanged. */
  matmul(a: Value, b: Value, options?: { ta?: boolean; tb?: boolean }): Value;
  conv(x: Value, filters: Value, options?: ConvOptions): Value;
  reduceSum(x: Value, axes?: readonly number[], keep?: boolean): Value;
  reduceMean(x: Value, axes?: readonly number[], keep?: boolean): Value;
  reduceMax(x: Value, axes?: readonly number[], keep?: boolean): Value;
  reduceSumSquare(x: Value, axes?: readonly number[], keep?: boolean): Value;
  reshape(x: Value, shape: readonly number[]): Value;
  transpose(x: Value, order: readonly number[]): Value;
  concat(values: readonly Value[], axis: number): Value;
  slice(x: Value, starts: readonly number[], ends: readonly number[], steps?: readonly number[]): Value;
  pad(x: Value, before: readonly number[], after: readonly number[], value?: number): Value;
  expand(x: Value, shape: readonly number[]): Value;
  flip(x: Value, axes: readonly number[]): Value;
}

type Start = 'xavier' | 'unit' | 'small';
interface FirstLogits {
  own(z: number): number;
  other(z: number, own: number): number;
}

/** What heads by cosine have in common. */
export interface Heads {
  /** Weights [rows, d]. */
  classWeights(net: Net, embeddings: Value, rows: number, start?: Start): Value;
  /** Cosines [n, classes] between embeddings and class weights. */
  cosines(net: Net, embeddings: Value, target: Value, start?: Start): Value;
  /** [n, 1]: what [n, classes] has at the own class. */
  ownOf(values: Value, target: Value): Value;
  /** The figures that are looked at, by cosines [n, classes] and the own ones [n, 1]. */
  looksAt(cosine: Value, own: Value): Pick<HeadValues, 'cosines' | 'probes'>;
  /** \`others\` [n, classes] with \`own\` [n, 1] at each picture's class. */
  placed(others: Value, target: Value, own: Value): Value;
  /** All of a head whose own cosine alone is changed: cosine, target, scale, and what becomes of [n, 1]. */
  withMargin(cosine: Value, target: Value, factor: number | Value, margin: (c: Value) => Value): HeadValues;
  cosineLogits(embedding: number, scale: number, own: (cosine: number) => number, other?: (cosine: number, own: number) => number): FirstLogits;
  expectedLoss(first: FirstLogits, classes: number, loss?: Loss): number;
}
export type Loss =
  | { readonly kind: 'cross-entropy'; readonly smoothing: number }
  | { readonly kind: 'focal'; readonly gamma: number; readonly form: 'sample' | 'batch' };

/** A seeded generator. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  normal(): number;
}
export interface Randoms {
  seededRandom(seed: number): Random;
  mixSeeds(...numbers: readonly number[]): number;
  shuffle<List extends { length: number; [index: number]: number }>(list: List, random: Random): List;
}

/** Rows from the top, red first: data [height, width, 3]. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
type Border = 'edge' | number;
/** Those that give nothing alter the picture in place. */
export interface Images {
  rgbImage(width: number, height: number, data?: Uint8Array): Image;
  mirror(image: Image): void;
  rotate(image: Image, degrees: number, border: Border): Image;
  /** (x, y) from the middle comes from (a·x + b·y + c, d·x + e·y + f). */
  warp(image: Image, inverse: readonly [number, number, number, number, number, number], border: Border): Image;
  blur(image: Image, deviation: number): void;
  toGrey(image: Image): void;
  brightness(image: Image, factor: number): void;
  color(image: Image, factor: number): void;
  contrast(image: Image, factor: number): void;
  sharpness(image: Image, factor: number): void;
  autoContrast(image: Image): void;
  equalize(image: Image): void;
  posterize(image: Image, bits: number): void;
  solarize(image: Image, threshold: number): void;
}

export interface Lineament {
  readonly layers: Layers;
  readonly ops: Ops;
  readonly heads: Heads;
  readonly random: Randoms;
  readonly images: Images;
}

/** A setting that the wizard shows and recipes may give; \`defaults\` says what it is otherwise. */
export type Option = { readonly name: string; readonly title?: string; readonly about: string } & (
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly whole?: boolean; readonly step?: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'boolean' }
);
/** The settings of a recipe over the defaults, held against the options: say in a type of your own which there are. */
export type Settings = { readonly [name: string]: number | string | boolean };

export interface BackbonePlugin {
  readonly title: string;
  /** Side of its pictures; 112 where left out. */
  readonly input?: number;
  /** Sides must be a multiple of it. */
  readonly multipleOf?: number;
  readonly defaults?: { readonly embedding?: number; readonly dropout?: number; readonly [name: string]: number | string | boolean | undefined };
  readonly options?: readonly Option[];
  /** The map before the embedding's layers. */
  trunk?(net: Net, pictures: Value, settings: Settings): Value;
  /** Pictures [n, 3, size, size], normalised -> embeddings [n, embedding] of any length. */
  build(net: Net, pictures: Value, settings: Settings): Value;
}

export interface HeadValues {
  /** [n, classes] */
  readonly logits: Value;
  /** [n]: cosines to the own class, to look at. */
  readonly cosines: Value;
  /** [n, min(classes, 64)]: cosines to the first classes, to look at. */
  readonly probes: Value;
  /** A single number that is made small beside the loss of the logits. */
  readonly extra?: Value;
}
export interface HeadPlugin {
  readonly title: string;
  readonly about?: string;
  readonly defaults?: { readonly [name: string]: number | string | boolean };
  readonly options?: readonly Option[];
  /** What is held constant in the derivative, in words. */
  readonly held?: readonly string[];
  /** \`target\` [n, classes] is 1 at each picture's own class, else 0; \`labels\` [n] are the classes. */
  build(net: Net, embeddings: Value, target: Value, settings: Settings, labels: Value): HeadValues;
  /** The first loss, before anything is learnt; null where it cannot be said. */
  expectedLoss?(settings: Settings, classes: number, embedding: number, loss?: Loss): number | null;
}

export interface SamplerPlugin {
  readonly title: string;
  /** Indices of the pictures of an epoch; the same request must always get the same answer. */
  sample(request: { readonly epoch: number; readonly seed: number; readonly classes: Int32Array }): Iterable<number>;
}

export interface AugmentationPlugin {
  readonly title: string;
  augment(image: Image, random: Random): Image;
}
`;
