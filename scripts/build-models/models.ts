import type { z } from 'zod';
import { defined } from '../../src/core/base/assert.ts';
import type { modelCard } from '../../src/core/contract/model-card.ts';
import { readOnnx } from '../../src/core/onnx/read.ts';
import type { OnnxModel } from '../../src/core/onnx/types.ts';
import { modernised } from './adapt.ts';
import type { SourceFiles } from './fetch.ts';
import { cheaperPrelu } from './prelu.ts';
import { scaledOutput } from './scale-output.ts';
import { softmaxAsSigmoid } from './softmax.ts';
import { expoFaceDetection, faceplugin, mediapipeDetection, mediapipeMesh, type Source } from './sources.ts';
import type { ConvertOptions } from './tflite/context.ts';
import { convertTflite } from './tflite/convert.ts';
import { readTflite } from './tflite/model.ts';

/** The parts of a card that no file decides. */
type CardOf<C> = C extends unknown ? Omit<C, 'id' | 'sha256' | 'licence' | 'source' | 'files'> : never;

/** A model that is built: where it comes from, its networks by file name, and what its card says. */
export interface BuiltInModel {
  readonly id: string;
  readonly source: Source;
  readonly networks: Readonly<Record<string, (files: SourceFiles) => OnnxModel>>;
  readonly card: CardOf<z.input<typeof modelCard>>;
}

/**
 * The ones that are used where nobody chose. The embedding: 99.43 against 99.13 % on pairs, 97.0 against 94.7 % TAR at
 * 0.01 % FAR, at the same speed (bench/models/choose-embedding.ts). face-api's 128 numbers are not offered: they want
 * 150×150 crops on another template and Euclidean distance, and reach 97.7 %.
 */
export const defaults = {
  detector: 'mtcnn',
  embedding: 'faceplugin-512',
  landmarks: 'landmarks-68',
  mesh: 'facemesh-468',
};

const fromTflite =
  (file: string, options: ConvertOptions) =>
  (files: SourceFiles): OnnxModel =>
    cheaperPrelu(convertTflite(readTflite(defined(files.get(file), file), file), options));

const fromOnnx =
  (file: string, inputs: string[], outputs: string[]) =>
  (files: SourceFiles): OnnxModel =>
    cheaperPrelu(modernised(readOnnx(defined(files.get(file), file)), inputs, outputs));

/** Where the mesh network lies in the packed assets, as the package's loader lists it. */
const meshBytes = [2_495_952, 3_737_848] as const;

const meshNetwork = (files: SourceFiles): OnnxModel => {
  const packed = defined(files.get('assets.data'), 'assets.data');
  const model = readTflite(packed.subarray(...meshBytes), 'face_landmark.tflite');
  const converted = convertTflite(model, { inputs: ['input'], outputs: ['points', 'presence'] });
  // The network counts in pixels of its 192×192 input; cards promise fractions of the crop.
  return scaledOutput(cheaperPrelu(converted), 'points', 1 / 192);
};

const mtcnnInput = { inputs: ['input'], swapped: true };

/** P keeps its PRelu: with ten channels, onnxruntime leaves it in the plain layout, where taking it apart costs 15 %. */
const proposalNetwork = (files: SourceFiles): OnnxModel => {
  const model = readTflite(defined(files.get('pnet.tflite'), 'pnet.tflite'), 'pnet.tflite');
  return softmaxAsSigmoid(
    convertTflite(model, { ...mtcnnInput, outputs: ['scores', 'boxes'], anySize: true }),
  );
};

export const builtInModels: readonly BuiltInModel[] = [
  {
    id: 'mtcnn',
    source: expoFaceDetection,
    networks: {
      'mtcnn-p.onnx': proposalNetwork,
      'mtcnn-r.onnx': fromTflite('rnet.tflite', { ...mtcnnInput, outputs: ['scores', 'boxes'] }),
      'mtcnn-o.onnx': fromTflite('onet.tflite', { ...mtcnnInput, outputs: ['scores', 'boxes', 'points'] }),
    },
    card: {
      task: 'detector',
      name: 'MTCNN',
      layout: 'mtcnn',
      input: {
        width: null,
        height: null,
        colour: 'rgb',
        scale: 1,
        mean: [127.5, 127.5, 127.5],
        std: [128, 128, 128],
      },
      scoreThreshold: 0.8,
      nmsThreshold: 0.7,
      notes:
        'Zhang et al. 2016. P takes any size and gives scores [n, 2, h, w] and boxes [n, 4, h, w]; R (24×24) scores [n, 2] and boxes [n, 4]; ' +
        'O (48×48) these and points [n, 10]: five x, then five y, as fractions of the box. The second score is that of a face.',
    },
  },
  {
    id: 'blazeface-full',
    source: mediapipeDetection,
    networks: {
      'blazeface-full.onnx': fromTflite('full-range.tflite', {
        inputs: ['input'],
        outputs: ['boxes', 'scores'],
      }),
    },
    card: {
      task: 'detector',
      name: 'BlazeFace, full range',
      layout: 'blazeface',
      input: {
        width: 192,
        height: 192,
        colour: 'rgb',
        mean: [127.5, 127.5, 127.5],
        std: [127.5, 127.5, 127.5],
      },
      scoreThreshold: 0.5,
      nmsThreshold: 0.3,
      notes:
        'Bazarevsky et al. 2019. Fast, for portraits: it sees the whole picture at 192×192 and misses faces smaller than about a tenth of it. ' +
        'On one thread it took 8 ms a picture of 250×250 (MTCNN 13), found the face in 315 of 316 photographs of LFW, ' +
        'and 4 faces of a crowd in which MTCNN found 52. It gives boxes; ' +
        'the five points come from a landmark model.',
    },
  },
  {
    id: 'faceplugin-512',
    source: faceplugin,
    networks: { 'faceplugin-512.onnx': fromOnnx('fr_feature.onnx', ['input'], ['embedding']) },
    card: {
      task: 'embedding',
      name: 'Faceplugin 512',
      input: {
        width: 112,
        height: 112,
        colour: 'bgr',
        scale: 1,
        mean: [127, 127, 127],
        std: [128, 128, 128],
      },
      size: 512,
      threshold: 0.32,
      clusterThreshold: 0.39,
      accuracy: 99.43,
      speed: 95,
      notes:
        'A MobileFaceNet. Accuracy ± 0.22 over 6,000 pairs of the 158 people with most photographs in LFW, 10 folds, aligned by MTCNN ' +
        '(bench/models/choose-embedding.ts); speed on a busy machine. Over all their 3.9 million pairs: 97.0 % TAR at 0.01 % FAR (threshold 0.43). ' +
        'Colour order found by measuring: RGB gives 99.05 and 94.2 %.',
    },
  },
  {
    id: 'mobilefacenet-192',
    source: expoFaceDetection,
    networks: {
      'mobilefacenet-192.onnx': fromTflite('MobileFaceNet.tflite', {
        inputs: ['input'],
        outputs: ['embedding'],
      }),
    },
    card: {
      task: 'embedding',
      name: 'MobileFaceNet 192',
      input: {
        width: 112,
        height: 112,
        colour: 'rgb',
        scale: 1,
        mean: [127.5, 127.5, 127.5],
        std: [128, 128, 128],
      },
      size: 192,
      threshold: 0.416,
      clusterThreshold: 0.48,
      accuracy: 99.13,
      speed: 93,
      notes:
        'Accuracy ± 0.23 over 6,000 pairs of the 158 people with most photographs in LFW, 10 folds, aligned by MTCNN ' +
        '(bench/models/choose-embedding.ts); speed on a busy machine. Over all their 3.9 million pairs: 94.7 % TAR at 0.01 % FAR (threshold 0.56). ' +
        'Colour order found by measuring: BGR gives 98.52 and 90.6 %.',
    },
  },
  {
    id: 'landmarks-68',
    source: faceplugin,
    networks: { 'landmarks-68.onnx': fromOnnx('fr_landmark.onnx', ['input'], ['points']) },
    card: {
      task: 'landmarks',
      name: '68 points',
      input: {
        width: 64,
        height: 64,
        colour: 'grey',
        scale: 1,
        mean: [0],
        std: [256],
      },
      points: 68,
      dimensions: 2,
      cropScale: 1.15,
      notes:
        'Points are x and y in turn, as fractions of the crop. The eyes, nose and mouth in them lie 2.6 % of the distance between ' +
        'the eyes away from MTCNN’s on average (LFW, 158 people).',
    },
  },
  {
    id: 'facemesh-468',
    source: mediapipeMesh,
    networks: { 'facemesh-468.onnx': meshNetwork },
    card: {
      task: 'landmarks',
      name: 'Face mesh 468',
      input: {
        width: 192,
        height: 192,
        colour: 'rgb',
        scale: 1,
        mean: [0, 0, 0],
        std: [255, 255, 255],
      },
      points: 468,
      dimensions: 3,
      cropScale: 1.4,
      notes:
        'Points are x, y and depth in turn, as fractions of the crop; a second output is the logit of a face being there. ' +
        'The eyes, nose and mouth in them lie 3.0 % of the distance between the eyes away from MTCNN’s on average (LFW, 158 people).',
    },
  },
];
