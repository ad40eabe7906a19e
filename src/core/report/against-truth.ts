import { counted } from '../base/counted.ts';
import type { SampleClusters, SampleFaces } from '../contract/sample.ts';
import { iou } from '../faces/boxes.ts';
import { eyeDistance } from '../faces/five.ts';
import type { Box, Points5 } from '../faces/types.ts';
import { pairwiseAgreement } from '../metrics/pairwise.ts';

/** A face that is in a picture, whether it was found or not; pixels. */
export interface TrueFace {
  readonly identity: number;
  readonly box: Box;
  readonly points: Points5;
  /** Whether a mask hides mouth and nose. */
  readonly masked: boolean;
}

/** A face that was found in a picture. */
export interface FoundFace {
  readonly id: number;
  readonly box: Box;
  readonly points: Points5;
  readonly cluster: number | null;
}

/** A face that was found, and which one it is. */
export interface MatchedFace {
  readonly found: FoundFace;
  readonly truth: TrueFace;
}

/** Boxes that overlap by this much (intersection over union) show the same face. */
const sameFace = 0.35;

/** Pairs up what was found in a picture with what is in it, the best overlap first; nothing is paired twice. */
export function matchFaces(found: readonly FoundFace[], truth: readonly TrueFace[]): MatchedFace[] {
  const pairs = found
    .flatMap((one) => truth.map((face) => ({ found: one, truth: face, overlap: iou(one.box, face.box) })))
    .filter(({ overlap }) => overlap >= sameFace)
    .toSorted((a, b) => b.overlap - a.overlap);
  const taken = new Set<FoundFace | TrueFace>();
  return pairs.flatMap((pair) => {
    if (taken.has(pair.found) || taken.has(pair.truth)) return [];
    taken.add(pair.found).add(pair.truth);
    return [{ found: pair.found, truth: pair.truth }];
  });
}

/** Mean distance of the five points from the true ones, as a share of the distance of the true eyes. */
export function pointError(points: Points5, truth: Points5): number {
  const at = (list: Points5, i: number): number => list[i] ?? 0;
  let sum = 0;
  for (let i = 0; i < 10; i += 2)
    sum += Math.hypot(at(points, i) - at(truth, i), at(points, i + 1) - at(truth, i + 1));
  return sum / 5 / eyeDistance(truth);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** `found`, `truth`: how many faces were found and are there, in all pictures. */
export function facesAgainstTruth(
  matched: readonly MatchedFace[],
  found: number,
  truth: number,
): SampleFaces {
  const errors = matched.map((pair) => pointError(pair.found.points, pair.truth.points));
  return {
    ...{ true: truth, found: matched.length, extra: found - matched.length },
    pointError: errors.length === 0 ? 0 : median(errors),
  };
}

/** A face without a cluster is one of its own. */
export function clustersAgainstTruth(matched: readonly MatchedFace[]): SampleClusters {
  const groups = matched.map(({ found }) => found.cluster ?? -found.id);
  const identities = matched.map(({ truth }) => truth.identity);
  return {
    faces: matched.length,
    clusters: [...counted(groups).values()].filter((size) => size > 1).length,
    identities: new Set(identities).size,
    ...pairwiseAgreement(groups, identities),
  };
}
