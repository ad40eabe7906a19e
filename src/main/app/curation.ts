import type { Settings } from '../../core/contract/app.ts';
import type { QueueReason } from '../../core/contract/datasets.ts';
import type { FaceState } from '../../core/contract/faces.ts';
import type { Box } from '../../core/faces/types.ts';
import type { Reader } from '../store/database.ts';
import { facesOfPhoto } from '../store/faces.ts';
import { alignmentState, queueBits } from '../store/photos.ts';

interface SeenFace {
  readonly box: Box;
  readonly state: FaceState;
  readonly chosen: boolean;
  readonly quality: { readonly sharpness: number };
}

/**
 * Why a photograph should be looked at. Of several faces in a photograph with a label only one can be the person, and
 * the user has to say which (or agree). Where there are several people, the best of them counts.
 */
export function queueReasonsOf(
  photo: { readonly labelled: boolean; readonly failed: boolean },
  faces: readonly SeenFace[],
  settings: Pick<Settings, 'tinyFace' | 'blurredBelow'>,
): QueueReason[] {
  if (photo.failed) return ['failed'];
  const present = faces.filter((face) => face.state !== 'rejected');
  const kept = present.filter((face) => face.state === 'kept');
  if (present.length === 0) return ['none'];
  const reasons: QueueReason[] = [];
  if (photo.labelled && present.length > 1 && !present.some((face) => face.chosen)) reasons.push('several');
  if (kept.length > 0) {
    const size = Math.max(...kept.map(({ box }) => Math.min(box.width, box.height)));
    const sharpness = Math.max(...kept.map(({ quality }) => quality.sharpness));
    if (size < settings.tinyFace) reasons.push('tiny');
    if (sharpness < settings.blurredBelow) reasons.push('blurred');
  }
  return reasons;
}

/** The queue bits that a photograph should have now. */
export function queueOf(reader: Reader, photo: number, settings: Settings): number {
  const state = alignmentState(reader, photo);
  return state === null ? 0 : queueBits(queueReasonsOf(state, facesOfPhoto(reader, photo), settings));
}

/** The name of the person that a dataset's label means: class numbers mean somebody only within their dataset. */
export function personOfLabel(label: string, dataset: string): string {
  return /^\d+$/.test(label) ? `${dataset} ${label}` : label;
}
