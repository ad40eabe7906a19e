import { basename, extname } from 'node:path';
import type { ModelCard, Preprocessing } from '../../core/contract/model-card.ts';
import type { Inspection } from '../../core/contract/models.ts';
import { type InputLayout, type Recognised, recognise } from '../../core/faces/recognise.ts';
import { openSession } from '../engine/session.ts';
import type { TensorInfo } from '../engine/tensor.ts';
import { sha256Of } from './files.ts';

/** Pixels to numbers, as a layout's authors publish it: a proposal, since shapes cannot tell. */
type Values = Pick<Preprocessing, 'colour' | 'scale' | 'mean' | 'std' | 'multipleOf'>;

const plain = { scale: 1, multipleOf: 1 } as const;
const usual: Readonly<Record<string, Values & { score: number; nms: number }>> = {
  yunet: { ...plain, colour: 'bgr', mean: [0], std: [1], multipleOf: 32, score: 0.6, nms: 0.3 },
  scrfd: { ...plain, colour: 'rgb', mean: [127.5], std: [128], multipleOf: 32, score: 0.5, nms: 0.4 },
  retinaface: {
    ...plain,
    colour: 'bgr',
    mean: [104, 117, 123],
    std: [1],
    multipleOf: 32,
    score: 0.7,
    nms: 0.3,
  },
  ultraface: { ...plain, colour: 'rgb', mean: [127], std: [128], score: 0.7, nms: 0.3 },
  blazeface: { ...plain, colour: 'rgb', mean: [127.5], std: [127.5], score: 0.6, nms: 0.3 },
};

const inputQuestions = ['input.colour', 'input.scale', 'input.mean', 'input.std'] as const;

/**
 * What an ONNX file's inputs and outputs tell, with a card to start from and the names of its fields that must be asked
 * for, since shapes cannot tell them. Throws `engine/model-missing` or `engine/model-damaged`.
 */
export async function inspectModel(path: string): Promise<Inspection> {
  const session = await openSession(path, { threads: 1 });
  const { inputs, outputs } = session;
  await session.close();
  const found = recognise(
    inputs.map(({ shape }) => shape),
    outputs.map(({ shape }) => shape),
  );
  const proposal = found.task === null ? null : proposeCard(path, await sha256Of(path), found);
  return {
    path,
    inputs: inputs.map(named),
    outputs: outputs.map(named),
    task: found.task,
    recognised: found.text,
    proposal,
    questions: proposal ? questionsFor(proposal) : [],
  };
}

function named({ name, shape }: TensorInfo): Inspection['inputs'][number] {
  return { name, shape: shape.map((size) => size ?? '?') };
}

function questionsFor(card: ModelCard): string[] {
  const of = { detector: ['scoreThreshold'], embedding: ['threshold'], landmarks: ['cropScale'] } as const;
  return ['id', 'name', 'licence', ...inputQuestions, ...of[card.task]];
}

/** An id made of the file's name: lower case, other characters as dashes. */
function idOf(path: string): string {
  const id = basename(path, extname(path))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '');
  return id || 'model';
}

function proposeCard(path: string, sha256: string, found: Exclude<Recognised, { task: null }>): ModelCard {
  const id = idOf(path);
  const common = {
    id,
    name: basename(path, extname(path)),
    sha256,
    licence: 'not stated',
    source: '',
    notes: '',
  };
  if (found.task === 'detector') {
    const { score, nms, ...values } = usual[found.layout] ?? { ...embeddingValues, score: 0.5, nms: 0.4 };
    return {
      ...common,
      task: 'detector',
      layout: found.layout,
      files: [{ file: `${id}.onnx`, sha256 }],
      input: preprocessing(found.input, values),
      scoreThreshold: score,
      nmsThreshold: nms,
    };
  }
  if (found.task === 'embedding')
    return {
      ...common,
      task: 'embedding',
      input: preprocessing(found.input, embeddingValues),
      size: found.size,
      template: 'arcface-112',
      threshold: 0.3,
      clusterThreshold: null,
      accuracy: null,
      speed: null,
    };
  return {
    ...common,
    task: 'landmarks',
    input: preprocessing(found.input, { ...plain, colour: 'bgr', mean: [0], std: [255] }),
    points: found.points,
    dimensions: found.dimensions,
    cropScale: 1.2,
  };
}

/** (x − 127.5) / 128, red first: InsightFace's and most others'. */
const embeddingValues: Values = { ...plain, colour: 'rgb', mean: [127.5], std: [128] };

function preprocessing(input: InputLayout, values: Values): Preprocessing {
  const fixed = input.width !== null && input.height !== null;
  return {
    ...values,
    multipleOf: fixed ? 1 : values.multipleOf,
    colour: input.channels === 1 ? 'grey' : values.colour,
    width: fixed ? input.width : null,
    height: fixed ? input.height : null,
    layout: input.layout,
  };
}
