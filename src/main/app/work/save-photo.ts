import type { Settings } from '../../../core/contract/app.ts';
import { iou } from '../../../core/faces/boxes.ts';
import { mainFace } from '../../../core/faces/main-face.ts';
import type { Solver } from '../../../core/faces/types.ts';
import type { AlignedPhoto, FaceToSave } from '../../jobs/align.ts';
import type { Writer } from '../../store/database.ts';
import {
  type AlignedFace,
  addFace,
  deleteFace,
  facesOfPhoto,
  setFace,
  updateAlignment,
} from '../../store/faces.ts';
import { personNamed } from '../../store/people.ts';
import { setAligned, setQueue } from '../../store/photos.ts';
import { personOfLabel, queueOf } from '../curation.ts';

/** What saving needs to know of a photograph. */
export interface PhotoToSave {
  readonly id: number;
  readonly datasetId: number;
  readonly datasetName: string;
  readonly label: string | null;
  readonly width: number;
  readonly height: number;
}

/** Two detections that share half of their area are the same face. */
const sameFace = 0.5;

function aligned(face: FaceToSave, solver: Solver): AlignedFace {
  const { box, score, points, quality, cropSize } = face;
  return { box, score, points, solver, quality, crop: face.cropHash, cropSize };
}

/**
 * Brings a photograph's faces up to date with what a detector found. A face that was there keeps its id, name and
 * state; what the user set by hand stays as it is; faces that are found no more go, unless the user named them.
 */
export function saveAlignedPhoto(
  writer: Writer,
  photo: PhotoToSave,
  result: AlignedPhoto,
  options: {
    readonly pipeline: string;
    readonly solver: Solver;
    readonly settings: Settings;
    readonly now: number;
  },
): void {
  setAligned(writer, photo.id, options.pipeline, result.problem);
  const known = facesOfPhoto(writer, photo.id);
  const unmatched = new Set(known);
  const added: number[] = [];
  for (const face of result.problem === null ? result.faces : []) {
    const match = [...unmatched]
      .map((old) => ({ old, overlap: iou(old.box, face.box) }))
      .filter(({ overlap }) => overlap >= sameFace)
      .sort((a, b) => b.overlap - a.overlap)[0];
    if (match === undefined) {
      added.push(addFace(writer, photo, aligned(face, options.solver), 'kept'));
    } else {
      unmatched.delete(match.old);
      if (!match.old.edited) updateAlignment(writer, match.old.id, aligned(face, options.solver));
    }
  }
  if (result.problem === null) {
    for (const old of unmatched) {
      if (!old.edited && !old.chosen && old.named !== 'user') deleteFace(writer, old.id);
    }
  }
  if (photo.label !== null) settleLabel(writer, photo, photo.label, new Set(added), options.now);
  setQueue(writer, photo.id, queueOf(writer, photo.id, options.settings));
}

/** Gives the label's name to the face that it means; other faces of the photograph stand aside. */
function settleLabel(
  writer: Writer,
  photo: PhotoToSave,
  label: string,
  added: ReadonlySet<number>,
  now: number,
): void {
  const faces = facesOfPhoto(writer, photo.id).filter((face) => face.state !== 'rejected');
  if (faces.length === 0) return;
  const person = (): number => personNamed(writer, personOfLabel(label, photo.datasetName), now);
  const main =
    faces.find((face) => face.chosen) ??
    faces[
      mainFace(
        faces.map((face) => face.box),
        photo.width,
        photo.height,
      )
    ];
  for (const face of faces) {
    if (face.named === 'user') continue;
    if (face === main) {
      // Who bears the label's name already may have been renamed or set aside by the user since.
      const settled = face.named === 'label' && face.personId !== null;
      if (!settled) setFace(writer, face.id, 'kept', person(), 'label');
    }
    if (face !== main && (added.has(face.id) || face.named === 'label'))
      setFace(writer, face.id, 'aside', null, null);
  }
}
