import { writeFile } from 'node:fs/promises';
import { error } from '../../../core/base/errors.ts';
import type { Face } from '../../../core/contract/faces.ts';
import { getSource } from '../../store/datasets.ts';
import {
  alignmentColumns,
  faceIds,
  facesOfPhoto,
  facesOfPhotos,
  getFace,
  pageFaces,
} from '../../store/faces.ts';
import { type Recorder, record } from '../../store/journal.ts';
import { findPerson } from '../../store/people.ts';
import { getPhoto } from '../../store/photos.ts';
import { getSettings } from '../../store/settings.ts';
import type { Context } from '../context.ts';
import { personOfLabel, queueOf } from '../curation.ts';
import { cutFace } from '../cut.ts';
import { embedNow } from '../recognise.ts';
import type { Part } from './part.ts';
import { faceCount } from './people.ts';

/** A face by id. Error: `face/unknown`. */
export function requireFace(context: Context, face: number): Face {
  const found = getFace(context.store, face);
  if (found === null) throw error('face/unknown', { face });
  return found;
}

export function faceHandlers(context: Context): Part<'faces'> {
  const { store, library, events } = context;
  /** Does something to faces of some photographs; their queue reasons follow, in the same undoable action. */
  const act = <T>(title: string, photos: readonly number[], work: (recorder: Recorder) => T): T => {
    const settings = getSettings(store);
    const result = store.write((writer) =>
      record(writer, title, context.now(), (recorder) => {
        const value = work(recorder);
        for (const photo of photos)
          recorder.update('photo', [photo], { queue: queueOf(recorder, photo, settings) });
        return value;
      }),
    );
    events.changed('faces', 'photos', 'people', 'datasets', 'journal');
    return result;
  };
  return {
    'faces.page': ({ offset, limit, ...filter }) => ({ offset, ...pageFaces(store, filter, offset, limit) }),
    'faces.ids': (filter) => faceIds(store, filter),
    'faces.get': ({ face }) => requireFace(context, face),
    'faces.ofPhotos': ({ photos }) => facesOfPhotos(store, photos),
    'faces.choose': ({ face }) => {
      const chosen = requireFace(context, face);
      const label = getPhoto(store, chosen.photoId)?.label ?? null;
      const dataset = getSource(store, chosen.datasetId)?.name ?? '';
      act(`Chose a face of ${chosen.file}`, [chosen.photoId], (recorder) => {
        const known = label === null ? null : findPerson(recorder, personOfLabel(label, dataset));
        const person =
          known === null && label !== null
            ? recorder.insert('person', { name: personOfLabel(label, dataset), created_at: context.now() })
            : known;
        for (const other of facesOfPhoto(recorder, chosen.photoId)) {
          if (other.id === face || other.state === 'rejected') continue;
          const name = other.named === 'label' ? { person_id: null, named: null } : {};
          recorder.update('face', [other.id], { state: 'aside', chosen: 0, ...name });
        }
        const name = person === null ? {} : { person_id: person, named: 'label' };
        recorder.update('face', [face], { state: 'kept', chosen: 1, ...name });
      });
    },
    'faces.setState': ({ faces, state }) => {
      const verb = { kept: 'Kept', aside: 'Set aside', rejected: 'Rejected' }[state];
      const photos = [...new Set(faces.map((face) => requireFace(context, face).photoId))];
      act(`${verb} ${faceCount(faces.length)}`, photos, (recorder) =>
        recorder.update('face', faces, { state }),
      );
    },
    'faces.setPoints': async ({ face, points }) => {
      const before = requireFace(context, face);
      const cut = await cutFace(context, before.photoId, points, before.solver, before.box);
      const batch = library.batch();
      await batch.add('crops', cut.png, cut.face.crop);
      await batch.commit(() => {});
      act(`Moved the points of a face in ${before.file}`, [before.photoId], (recorder) =>
        recorder.update('face', [face], { ...alignmentColumns({ ...cut.face, box: before.box }), edited: 1 }),
      );
      embedNow(context, cut.face.crop, cut.png);
      return requireFace(context, face);
    },
    'faces.add': async ({ photo, points }) => {
      const cut = await cutFace(context, photo, points, 'umeyama', null);
      const { datasetId, key, label } = cut.photo;
      const batch = library.batch();
      await batch.add('crops', cut.png, cut.face.crop);
      await batch.commit(() => {});
      const state = label === null ? 'kept' : 'aside';
      const id = act(`Added a face in ${key}`, [photo], (recorder) =>
        recorder.insert('face', {
          ...alignmentColumns(cut.face),
          ...{ photo_id: photo, dataset_id: datasetId, score: 1, state, edited: 1 },
        }),
      );
      embedNow(context, cut.face.crop, cut.png);
      return requireFace(context, id);
    },
    'faces.exportCrop': async ({ face, out }) => {
      const png = await library.read('crops', requireFace(context, face).crop);
      if (png === null) throw error('face/unknown', { face });
      await writeFile(out, png).catch((thrown: unknown) => {
        throw error(
          'file/cannot-write',
          { path: out, detail: thrown instanceof Error ? thrown.message : '' },
          thrown,
        );
      });
      return { file: out };
    },
  };
}
