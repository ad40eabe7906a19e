import { error } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import type { Handlers } from '../../../src/core/contract/api.ts';
import type { Dataset, Photo } from '../../../src/core/contract/datasets.ts';
import { apply, invert, umeyama } from '../../../src/core/faces/similarity.ts';
import { template112 } from '../../../src/core/faces/template.ts';
import { change, filtered } from './faces.ts';
import type { FakeJobs } from './jobs.ts';
import { record } from './journal.ts';
import { addDataset, addFace, known, type Mutable, type World } from './world.ts';

type Names = Extract<
  keyof Handlers,
  `datasets.${string}` | `photos.${string}` | `faces.${string}` | `files.${string}`
>;
type DataHandlers = Pick<Handlers, Exclude<Names, 'faces.exportCrop'>>;

export function dataHandlers(world: World, jobs: FakeJobs, changed: () => void): DataHandlers {
  const figures = (dataset: Mutable<Dataset>): Dataset => {
    const photos = (world.photosOf.get(dataset.id) ?? []).map((id) => known(world.photos, id, 'photograph'));
    let faces = 0;
    for (const photo of photos) {
      for (const id of world.facesOf.get(photo.id) ?? []) if (world.faces.get(id)?.state === 'kept') faces++;
    }
    return {
      ...dataset,
      photos: photos.length,
      problems: photos.filter((photo) => photo.problem !== null).length,
      pending: photos.filter((photo) => photo.alignment === 'pending' && photo.problem === null).length,
      faces,
      embedded: Math.floor(faces * 0.97),
    };
  };
  const dataset = (id: number): Mutable<Dataset> => known(world.datasets, id, 'dataset');
  const waiting = (photo: Photo): boolean => photo.queue.length > 0 && !photo.reviewed;
  const setFlag = (title: string, flags: () => void, back: () => void): void => {
    record(world, title, flags, back);
    changed();
  };

  // The answer of the last filter, so that scrolling does not sort a hundred thousand faces for each page.
  let last: { key: string; all: ReturnType<typeof filtered> } | null = null;

  return {
    'datasets.list': ({ removed }) =>
      [...world.datasets.values()].filter((one) => removed || !one.removed).map(figures),
    'datasets.get': ({ dataset: id }) => figures(dataset(id)),
    'datasets.find': ({ name }) => {
      for (const one of world.datasets.values()) if (one.name === name) return figures(one);
      throw error('app/internal', { detail: `there is no dataset ${name}` });
    },
    'datasets.import': ({ paths, name }) => {
      const id = addDataset(world, seededRandom(world.nextId), {
        name,
        photos: 60,
        each: 0,
        labelled: false,
      });
      dataset(id).source = paths[0] ?? '';
      return { dataset: id, job: jobs.start('import', `Import ${name}`, id, 60, 'photographs', changed) };
    },
    'datasets.preview': ({ paths }) =>
      paths.some((path) => path.includes('crops'))
        ? { pictures: 24, side: 112 }
        : { pictures: 24, side: null },
    'datasets.rename': ({ dataset: id, name }) => {
      const one = dataset(id);
      const before = one.name;
      setFlag(
        `Renamed “${before}” to “${name}”`,
        () => (one.name = name),
        () => (one.name = before),
      );
    },
    'datasets.remove': ({ dataset: id }) => {
      const one = dataset(id);
      setFlag(
        `Removed “${one.name}”`,
        () => (one.removed = true),
        () => (one.removed = false),
      );
    },
    'datasets.restore': ({ dataset: id }) => {
      const one = dataset(id);
      setFlag(
        `Brought “${one.name}” back`,
        () => (one.removed = false),
        () => (one.removed = true),
      );
    },
    'datasets.erase': ({ dataset: id }) => {
      world.datasets.delete(id);
      changed();
    },
    'photos.page': ({ dataset: id, show, reason, search, offset, limit }) => {
      const all = (world.photosOf.get(id) ?? [])
        .map((photo) => known(world.photos, photo, 'photograph'))
        .filter((photo) => {
          if (!photo.key.toLowerCase().includes(search.toLowerCase())) return false;
          if (show === 'problems') return photo.problem !== null;
          if (show === 'pending') return photo.alignment === 'pending' && photo.problem === null;
          if (show === 'aligned') return photo.alignment === 'aligned' && photo.problem === null;
          if (show === 'queue') return waiting(photo) && (reason === null || photo.queue.includes(reason));
          return true;
        });
      return { total: all.length, offset, items: all.slice(offset, offset + limit) };
    },
    'photos.get': ({ photo }) => known(world.photos, photo, 'photograph'),
    'photos.queue': ({ dataset: id }) => {
      const counts = { none: 0, several: 0, tiny: 0, blurred: 0, failed: 0 };
      for (const photo of world.photosOf.get(id) ?? []) {
        const one = known(world.photos, photo, 'photograph');
        if (waiting(one)) for (const reason of one.queue) counts[reason]++;
      }
      return counts;
    },
    'photos.review': ({ photos, reviewed }) => {
      const all = photos.map((id) => known(world.photos, id, 'photograph'));
      const put = (value: boolean): void => {
        for (const photo of all) photo.reviewed = value;
      };
      setFlag(
        `Reviewed ${photos.length} photographs`,
        () => put(reviewed),
        () => put(!reviewed),
      );
    },
    'files.browse': ({ path }) => {
      const here = path ?? '/home/ada';
      const entry = (name: string, folder: boolean): { name: string; path: string; folder: boolean } => ({
        name,
        path: `${here}/${name}`,
        folder,
      });
      return {
        path: here,
        parent: here === '/' ? null : here.split('/').slice(0, -1).join('/') || '/',
        entries: [
          entry('Pictures', true),
          entry('Downloads', true),
          entry('people.zip', false),
          entry('yunet.onnx', false),
          entry('backbone.pth', false),
          entry('no.pth', false),
          entry('group.jpg', false),
        ],
        truncated: false,
      };
    },
    'files.places': () => [
      { name: 'Home', path: '/home/ada' },
      { name: 'Pictures', path: '/home/ada/Pictures' },
    ],
    'faces.page': (filter) => {
      const { offset: _, limit: __, ...what } = filter;
      const key = JSON.stringify([
        what,
        world.journal.length,
        world.journal.filter((step) => step.entry.undone).length,
      ]);
      if (last?.key !== key) last = { key, all: filtered(world, filter) };
      const { all } = last;
      return {
        total: all.length,
        offset: filter.offset,
        items: all.slice(filter.offset, filter.offset + filter.limit),
      };
    },
    'faces.ids': (filter) => filtered(world, filter).map((face) => face.id),
    'faces.get': ({ face }) => known(world.faces, face, 'face'),
    'faces.ofPhotos': ({ photos }) =>
      photos.flatMap((photo) =>
        (world.facesOf.get(photo) ?? []).map((face) => known(world.faces, face, 'face')),
      ),
    'faces.choose': ({ face }) => {
      const { photoId } = known(world.faces, face, 'face');
      const others = world.facesOf.get(photoId) ?? [];
      const steps = change(world, others, (one) => ({ state: one.id === face ? 'kept' : 'aside' }));
      setFlag('Chose a face', steps.redo, steps.undo);
    },
    'faces.setState': ({ faces, state }) => {
      const steps = change(world, faces, () => ({ state }));
      const verb = { kept: 'Kept', aside: 'Set aside', rejected: 'Rejected' }[state];
      setFlag(`${verb} ${faces.length} ${faces.length === 1 ? 'face' : 'faces'}`, steps.redo, steps.undo);
    },
    'faces.setPoints': ({ face, points }) => {
      const steps = change(world, [face], () => ({
        points,
        edited: true,
        crop: `f${face}-${world.nextId++}`,
      }));
      setFlag('Moved the points of a face', steps.redo, steps.undo);
      return known(world.faces, face, 'face');
    },
    'faces.add': ({ photo, points }) => {
      const at = umeyama(points, template112);
      const [x, y] = at === null ? [0, 0] : apply(invert(at), 56, 62);
      const { datasetId, key } = known(world.photos, photo, 'photograph');
      const id = addFace(world, seededRandom(photo), {
        photoId: photo,
        datasetId,
        file: key,
        truth: 20,
        centre: [x, y],
        size: 120,
      });
      const face = known(world.faces, id, 'face');
      Object.assign(face, { points, edited: true });
      const list = world.facesOf.get(photo) ?? [];
      setFlag(
        'Added a face',
        () => {
          world.faces.set(id, face);
          if (!list.includes(id)) list.push(id);
        },
        () => {
          world.faces.delete(id);
          list.splice(list.indexOf(id), 1);
        },
      );
      return face;
    },
  };
}
