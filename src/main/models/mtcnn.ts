import { defined } from '../../core/base/assert.ts';
import { Cancelled } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { DetectorCard } from '../../core/contract/model-card.ts';
import { nms, round, square } from '../../core/faces/boxes.ts';
import {
  type Candidate,
  decodeOutput,
  decodeProposals,
  decodeRefined,
  mtcnn,
  pyramidScales,
  settle,
} from '../../core/faces/detect/mtcnn.ts';
import type { RawTensor } from '../../core/faces/detect/tensor.ts';
import { halvings } from '../../core/faces/resample.ts';
import type { Box, Detection } from '../../core/faces/types.ts';
import type { Session } from '../engine/session.ts';
import type { Tensor } from '../engine/tensor.ts';
import type { DetectOptions } from './detector.ts';
import { inputTensor } from './preprocess.ts';

/** The three networks, in the order of the card's files. */
export interface MtcnnSessions {
  readonly proposal: Session;
  readonly refine: Session;
  readonly output: Session;
}

/** Faces smaller than this are not looked for, whatever is asked: P-Net's window is 12 pixels. */
const leastFace = 12;
/**
 * The smallest face looked for grows with the photograph's longer side, so that P-Net's share of the time does not:
 * 20 pixels up to 800, 26 at 1024, 40 from 1600 on. There it stays, since who has a big photograph wants its small faces.
 */
const sidesPerFace = 40;
const minFaces = { least: 20, most: 40 } as const;
/** Crops that go through R-Net or O-Net at once. */
const batch = 128;

/** The faces of a photograph, best first: pyramid → P-Net → R-Net → O-Net (spec §1.4). */
export async function detectMtcnn(
  sessions: MtcnnSessions,
  card: DetectorCard,
  image: RgbImage,
  options: DetectOptions,
): Promise<Detection[]> {
  const longer = Math.max(image.width, image.height);
  const usual = Math.min(minFaces.most, Math.max(minFaces.least, longer / sidesPerFace));
  const wanted = options.minFace ?? usual;
  const mips = halvings(image, 8);
  const proposals: Candidate[] = [];
  for (const scale of pyramidScales(image.width, image.height, Math.max(leastFace, wanted))) {
    if (options.signal?.aborted) throw new Cancelled();
    const width = Math.ceil(image.width * scale);
    const height = Math.ceil(image.height * scale);
    const area = { x: 0, y: 0, width: width / scale, height: height / scale };
    const input = inputTensor([{ mips, area }], card.input, width, height);
    const { scores, offsets } = byWidth(await run(sessions.proposal, input), 1);
    const found = decodeProposals(scores, offsets, scale, mtcnn.thresholds[0]);
    proposals.push(...keep(found, mtcnn.levelNms));
  }
  // The suppression at 0.7 over all levels cannot remove anything: windows of two levels differ by 0.707 in their
  // sides, so that they overlap by half at most, and within a level it has been done at 0.5.
  const first = moved(proposals);

  const refined: Candidate[] = [];
  for (let start = 0; start < first.length; start += batch) {
    if (options.signal?.aborted) throw new Cancelled();
    const boxes = first.slice(start, start + batch);
    const input = cropBatch(mips, boxes, card, mtcnn.refineSide);
    const { scores, offsets } = byWidth(await run(sessions.refine, input), -1);
    refined.push(...decodeRefined(boxes, scores, offsets, mtcnn.thresholds[1]));
  }
  const second = moved(keep(refined, mtcnn.nms[1]));

  const found: Detection[] = [];
  for (let start = 0; start < second.length; start += batch) {
    if (options.signal?.aborted) throw new Cancelled();
    const boxes = second.slice(start, start + batch);
    const input = cropBatch(mips, boxes, card, mtcnn.outputSide);
    const { scores, offsets, points } = byWidth(await run(sessions.output, input), -1);
    const threshold = options.scoreThreshold ?? card.scoreThreshold;
    found.push(...decodeOutput(boxes, scores, offsets, defined(points, 'the points of O-Net'), threshold));
  }
  return settle(found);
}

function keep(candidates: readonly Candidate[], threshold: number): Candidate[] {
  const kept = nms(
    candidates.map(({ box }) => box),
    candidates.map(({ score }) => score),
    threshold,
  );
  return kept.flatMap((index) => candidates[index] ?? []);
}

/** Where the next network looks: the moved boxes as squares on whole pixels; degenerate ones are dropped. */
function moved(candidates: readonly Candidate[]): Box[] {
  return candidates.map((candidate) => round(square(candidate.moved))).filter((box) => box.width > 0);
}

function cropBatch(
  mips: readonly RgbImage[],
  boxes: readonly Box[],
  card: DetectorCard,
  side: number,
): Tensor<Float32Array> {
  return inputTensor(
    boxes.map((area) => ({ mips, area })),
    card.input,
    side,
    side,
  );
}

async function run(session: Session, input: Tensor<Float32Array>): Promise<RawTensor[]> {
  const name = defined(session.inputs[0], 'an input').name;
  const results = await session.run({ [name]: input });
  return session.outputs.flatMap((output) => {
    const tensor = results[output.name];
    return tensor?.data instanceof Float32Array ? [{ shape: tensor.shape, data: tensor.data }] : [];
  });
}

interface Outputs {
  readonly scores: RawTensor;
  readonly offsets: RawTensor;
  readonly points: RawTensor | undefined;
}

/** The outputs told apart by how many numbers they have for each box along dimension `axis`: 2, 4 or 10. */
function byWidth(tensors: readonly RawTensor[], axis: number): Outputs {
  const of = (count: number): RawTensor | undefined => tensors.find(({ shape }) => shape.at(axis) === count);
  return {
    scores: defined(of(2), 'the scores of MTCNN'),
    offsets: defined(of(4), 'the offsets of MTCNN'),
    points: of(10),
  };
}
