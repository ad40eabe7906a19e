/**
 * What the papers of face.evoLVe and FaceX-Zoo report of their own models (spec: tables 3 and 4 of the one, 1 to 3 and
 * figure 7 of the other), in per cent: reference lines beside what is measured here. Mean accuracy of ten folds by each
 * project's own protocol; of MegaFace the share found at rank 1.
 */

export const publishedBenchmarks = [
  ...(['LFW', 'CFP-FF', 'CFP-FP', 'AgeDB-30', 'CALFW', 'CPLFW', 'VGG2-FP'] as const),
  ...(['RFW African', 'RFW Asian', 'RFW Caucasian', 'RFW Indian', 'MegaFace', 'MegaFace-Mask'] as const),
];
export type PublishedBenchmark = (typeof publishedBenchmarks)[number];

export interface PublishedRow {
  readonly paper: 'face.evoLVe' | 'FaceX-Zoo';
  /** Backbone, head, and what it was trained on. */
  readonly name: string;
  /** Whose protocol it was measured by. */
  readonly protocol: 'evolve' | 'facex';
  readonly percent: Readonly<Partial<Record<PublishedBenchmark, number>>>;
}

type Columns = readonly PublishedBenchmark[];

const evolveColumns: Columns = ['LFW', 'CFP-FF', 'CFP-FP', 'AgeDB-30', 'CALFW', 'CPLFW', 'VGG2-FP'];
const rfw: Columns = ['RFW African', 'RFW Asian', 'RFW Caucasian', 'RFW Indian'];
const facexColumns: Columns = ['LFW', 'CPLFW', 'CALFW', 'AgeDB-30', ...rfw];

type Table = readonly (readonly [name: string, ...percent: readonly number[]])[];

const evolveMs: Table = [
  ['IR-50, ArcFace', 99.78, 99.69, 98.14, 97.53, 95.87, 92.45, 95.22],
  ['IR-101, ArcFace', 99.81, 99.74, 98.25, 97.77, 95.93, 92.74, 95.44],
  ['IR-152, ArcFace', 99.82, 99.83, 98.37, 98.07, 96.03, 93.05, 95.5],
  ['IR-50, AdaCos', 99.75, 99.53, 98.39, 97.25, 95.55, 92.25, 95.27],
  ['IR-101, AdaCos', 99.78, 99.59, 98.41, 97.33, 95.68, 92.41, 95.35],
  ['IR-152, AdaCos', 99.81, 99.65, 98.42, 98.47, 95.74, 92.57, 95.43],
  ['IR-50, AM-Softmax', 99.59, 99.59, 98.23, 97.37, 95.23, 92.37, 95.35],
  ['IR-101, AM-Softmax', 99.65, 99.62, 98.31, 97.42, 95.38, 92.46, 95.47],
  ['IR-152, AM-Softmax', 99.72, 99.71, 98.45, 97.49, 95.5, 92.52, 95.55],
];
const evolveWeb: Table = [
  ['IR-152, AdaCos', 99.82, 99.84, 98.37, 98.07, 96.03, 93.05, 95.5],
  ['HRNet, MV-Softmax', 99.82, 99.51, 98.41, 97.88, 95.43, 88.95, 94.7],
  ['TF-NAS-A, AM-Softmax', 99.82, 99.47, 98.33, 96.65, 94.32, 84.88, 91.38],
  ['GhostNet, ArcFace', 99.69, 99.52, 98.48, 97.29, 94.92, 85.25, 90.88],
  ['AttentionNet, AdaCos', 99.82, 99.47, 98.52, 96.89, 95.12, 87.23, 94.23],
  ['MobileFaceNet, AdaCos', 99.73, 99.84, 97.75, 95.87, 94.87, 89.29, 93.2],
];
const facexBackbones: Table = [
  ['MobileFaceNet', 99.57, 83.33, 93.82, 95.97, 88.73, 88.02, 95.7, 90.85, 90.39],
  ['ResNet50-ir', 99.78, 88.2, 95.47, 97.77, 95.25, 93.95, 98.57, 95.8, 96.67],
  ['ResNet152-irse', 99.85, 89.72, 95.56, 98.13, 95.85, 95.43, 99.08, 96.27, 97.48],
  ['HRNet', 99.8, 88.89, 95.48, 97.82, 95.87, 94.77, 99.08, 95.93, 97.32],
  ['EfficientNet-B0', 99.55, 84.72, 94.37, 96.63, 89.67, 89.32, 96.1, 91.93, 91.38],
  ['TF-NAS-A', 99.75, 85.9, 94.87, 97.23, 91.97, 91.62, 97.43, 93.33, 94.42],
  ['GhostNet', 99.65, 85.3, 93.92, 96.08, 88.67, 88.48, 95.13, 90.63, 87.88],
  ['Attention-56', 99.88, 89.18, 95.65, 98.12, 96.52, 95.72, 99.13, 96.83, 97.75],
];
const facexHeads: Table = [
  ['AM-Softmax', 99.58, 83.63, 93.93, 95.85, 88.38, 87.88, 95.55, 91.18, 88.92],
  ['AdaM-Softmax', 99.58, 83.85, 93.5, 96.02, 87.9, 88.37, 95.32, 91.13, 89.4],
  ['AdaCos', 99.65, 83.27, 92.63, 95.38, 85.88, 85.5, 94.35, 88.27, 82.95],
  ['ArcFace', 99.57, 83.68, 93.98, 96.23, 88.22, 88, 95.13, 90.7, 88.39],
  ['CurricularFace', 99.6, 83.03, 93.75, 95.82, 88.2, 87.33, 95.27, 90.57, 87.27],
  ['CircleLoss', 99.57, 83.42, 94, 95.73, 89.25, 88.27, 95.32, 91.48, 88.75],
  ['NPCFace', 99.55, 83.8, 94.13, 95.87, 88.08, 88.2, 95.47, 91.03, 89.13],
];
const facexShallow: Table = [
  ['conventional training', 91.77, 61.56, 76.52, 73.9, 61.35, 67.38, 73.27, 70.12],
  ['Semi-Siamese training', 99.38, 82.53, 91.78, 93.6, 85.03, 85.25, 92.8, 87.4],
];
const facexMasks: Table = [
  ['baseline', 27.03],
  ['upper half of the face', 71.44],
  ['with masks by FMA-3D', 78.39],
  ['the last two together', 79.26],
];

function rows(
  paper: PublishedRow['paper'],
  named: (name: string) => string,
  columns: Columns,
  table: Table,
): PublishedRow[] {
  const protocol = paper === 'face.evoLVe' ? 'evolve' : 'facex';
  return table.map(([name, ...values]) => {
    const percent = Object.fromEntries(values.map((value, i) => [columns[i], value]));
    return { paper, name: named(name), protocol, percent };
  });
}

/** Every row of both papers, in their order. */
export const publishedRows: readonly PublishedRow[] = [
  ...rows('face.evoLVe', (name) => `${name}, MS-Celeb-1M`, evolveColumns, evolveMs),
  ...rows('face.evoLVe', (name) => `${name}, Web260M`, evolveColumns, evolveWeb),
  ...rows('FaceX-Zoo', (name) => `${name}, MV-Softmax`, [...facexColumns, 'MegaFace'], facexBackbones),
  // MV-Softmax of its table of heads is MobileFaceNet of its table of backbones.
  ...rows('FaceX-Zoo', (name) => `MobileFaceNet, ${name}`, [...facexColumns, 'MegaFace'], facexHeads),
  ...rows('FaceX-Zoo', (name) => `MobileFaceNet, shallow data, ${name}`, facexColumns, facexShallow),
  ...rows('FaceX-Zoo', (name) => `MobileFaceNet, ${name}`, ['MegaFace-Mask'], facexMasks),
];

/** Names that benchmarks go by, in small letters without anything between. */
const aliases: Readonly<Record<string, PublishedBenchmark>> = {
  ...{ lfw: 'LFW', lfwview2: 'LFW', cfpff: 'CFP-FF', cfpfp: 'CFP-FP' },
  ...{ agedb: 'AgeDB-30', agedb30: 'AgeDB-30', calfw: 'CALFW', cplfw: 'CPLFW' },
  ...{ vgg2fp: 'VGG2-FP', vggface2fp: 'VGG2-FP' },
  ...{ rfwafrican: 'RFW African', rfwasian: 'RFW Asian' },
  ...{ rfwcaucasian: 'RFW Caucasian', rfwindian: 'RFW Indian' },
  ...{ megaface: 'MegaFace', megafacemask: 'MegaFace-Mask' },
};

/** Which of the papers' benchmarks one of this name is; null where it is none of them. */
export function publishedAs(benchmark: string): PublishedBenchmark | null {
  const plain = benchmark.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
  return Object.hasOwn(aliases, plain) ? (aliases[plain] ?? null) : null;
}
