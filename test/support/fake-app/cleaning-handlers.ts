import { error } from '../../../src/core/base/errors.ts';
import type { Handlers, MethodName, Topic } from '../../../src/core/contract/api.ts';
import type {
  Cleaning,
  CleaningReport,
  NameChange,
  SuspectName,
} from '../../../src/core/contract/cleaning.ts';
import type { FakeJobs } from './jobs.ts';
import { known, type World } from './world.ts';

type Handled = Extract<MethodName, `cleaning.${string}`>;

const usual = { dropBelow: 0.3, relabelAbove: 0.5, margin: 0.2, mergeAbove: 0.5 };
const names = ['Ada', 'Bao', 'Chidi', 'Dana'] as const;
const bars = (from: number, to: number): Cleaning['histograms']['own'] => ({
  ...{ from: -1, to: 1 },
  counts: Array.from({ length: 40 }, (_, i) =>
    i >= from && i < to ? 10 - Math.abs(i - (from + to) / 2) : 0,
  ),
});

/** What a model says of a version, in memory: every fifth face of the world is suspected, more or less. */
export function cleaningHandlers(
  world: World,
  jobs: FakeJobs,
  changed: (...topics: Topic[]) => void,
): Pick<Handlers, Handled> {
  const cleanings = new Map<number, Cleaning>();
  const reports = new Map<number, { report: CleaningReport; changes: NameChange[] }>();
  const found = (limits: { dropBelow?: number | undefined }): SuspectName[] => {
    const { dropBelow } = { ...usual, ...limits };
    return [...world.faces.values()].slice(0, 240).flatMap((face, position): SuspectName[] => {
      if (position % 5 > 0) return [];
      const own = -0.1 + (position % 40) / 50;
      const relabel = position % 2 === 0;
      if (!relabel && own >= (dropBelow ?? usual.dropBelow)) return [];
      const [from = 'Ada', to = 'Bao'] = [names[position % 3], names[(position % 3) + 1]];
      const crops = { crop: face.crop, fromCrop: face.crop, toCrop: relabel ? face.crop : null };
      const said = { own, next: relabel ? 0.7 : 0.2, certainty: 1 - position / 300 };
      return [
        { position, ...crops, ...said, action: relabel ? 'relabel' : 'drop', from, to: relabel ? to : null },
      ];
    });
  };
  const preview: Handlers['cleaning.preview'] = ({ cleaning, limits, refused, merge }) => {
    const { images } = known(cleanings, cleaning, 'cleaning');
    const wanted = found(limits).filter(({ position }) => !refused.includes(position));
    const dropped = wanted.filter(({ action }) => action === 'drop').length;
    const all: typeof usual = { ...usual };
    for (const name of Object.keys(usual) as (keyof typeof usual)[]) all[name] = limits[name] ?? usual[name];
    const [crop = null] = [...world.faces.values()].map((face) => face.crop);
    return {
      ...{ limits: all, relabelled: wanted.length - dropped, dropped, merged: merge.length * 12 },
      ...{ images: images - dropped, identities: 26 - merge.length, emptied: [] },
      pairs: [
        { pair: [0, 3], names: ['Ada', 'Dana'], images: [40, 12], crops: [crop, crop], similarity: 0.71 },
      ],
    };
  };
  return {
    'cleaning.start': ({ version, model }) =>
      jobs.start('clean', 'Look at the names', null, 5, 'pictures', () => {
        const id = world.nextId++;
        cleanings.set(id, {
          ...{ id, version, model: model ?? 'feature-512', createdAt: Date.now(), alone: 3, wrong: 0.06 },
          ...{ images: known(world.versions, version, 'version').images, limits: usual },
          histograms: { own: bars(22, 38), next: bars(18, 30), stranger: bars(12, 26) },
        });
        changed('versions');
      }),
    'cleaning.list': ({ version }) =>
      [...cleanings.values()].filter((one) => one.version === version).reverse(),
    'cleaning.preview': preview,
    'cleaning.suspects': ({ limits, action, offset, limit }) => {
      const all = found(limits).filter((one) => action === null || one.action === action);
      return { offset, total: all.length, items: all.slice(offset, offset + limit) };
    },
    'cleaning.apply': async (input, context) => {
      const { limits, relabelled, dropped, merged, images, identities } = await preview(input, context);
      const { version, model } = known(cleanings, input.cleaning, 'cleaning');
      const parent = known(world.versions, version, 'version');
      const id = world.nextId++;
      const name = input.name ?? `${parent.name} cleaned`;
      const made = {
        ...{ ...parent, id, name, hash: (id * 2_654_435_761).toString(16).padStart(64, '0') },
        ...{ images, identities, runs: 0, cleanedFrom: { id: version, name: parent.name } },
      };
      world.versions.set(id, made);
      const changes = found(input.limits).filter(({ position }) => !input.refused.includes(position));
      reports.set(id, {
        report: {
          ...{ version: id, parent: { id: version, name: parent.name, hash: parent.hash } },
          ...{ model: { id: model, name: model }, limits, relabelled, dropped, merged, names: [] },
        },
        changes: changes.map((change, position) => ({ ...change, position })),
      });
      changed('versions');
      return made;
    },
    'cleaning.report': ({ version }) => reports.get(version)?.report ?? null,
    'cleaning.changes': ({ version, action, offset, limit }) => {
      const all = known(reports, version, 'report').changes.filter(
        (one) => action === null || one.action === action,
      );
      return { offset, total: all.length, items: all.slice(offset, offset + limit) };
    },
    'cleaning.takeBack': ({ version }) => {
      const { report } = known(reports, version, 'report');
      if (report.parent.id === null) throw error('app/internal', { detail: 'the parent is gone' });
      return known(world.versions, report.parent.id, 'version');
    },
  };
}
