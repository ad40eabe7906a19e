import { error } from '../../../src/core/base/errors.ts';
import type { Handlers } from '../../../src/core/contract/api.ts';
import type { Cluster, Person, Suggestion } from '../../../src/core/contract/people.ts';
import { change } from './faces.ts';
import { record, redo, undo } from './journal.ts';
import { pairNoise, type World, type WorldFace } from './world.ts';

type PeopleHandlers = Pick<
  Handlers,
  Extract<keyof Handlers, `people.${string}` | `clusters.${string}` | `journal.${string}`>
>;

function slice<T>(
  items: readonly T[],
  offset: number,
  limit: number,
): { total: number; offset: number; items: T[] } {
  return { total: items.length, offset, items: items.slice(offset, offset + limit) };
}

export function peopleHandlers(world: World, changed: () => void): PeopleHandlers {
  const facesWhere = (test: (face: WorldFace) => boolean): WorldFace[] =>
    [...world.faces.values()].filter(test);
  const best = (faces: readonly WorldFace[]): WorldFace[] =>
    [...faces].sort((a, b) => b.quality.overall - a.quality.overall).slice(0, 8);

  const person = (id: number): Person => {
    const known = world.people.get(id);
    if (known === undefined) throw error('app/internal', { detail: `there is no person ${id}` });
    const faces = facesWhere((face) => face.personId === id);
    return { id, name: known.name, faces: faces.length, covers: best(faces).map((face) => face.crop) };
  };
  const idOf = (name: string): number => {
    for (const { id, name: known } of world.people.values()) if (known === name) return id;
    const id = world.nextId++;
    world.people.set(id, { id, name });
    return id;
  };
  const act = (
    title: string,
    ids: readonly number[],
    values: (face: WorldFace) => Partial<WorldFace>,
  ): void => {
    const steps = change(world, ids, values);
    record(world, title, steps.redo, steps.undo);
    changed();
  };
  const count = (n: number): string => `${n} ${n === 1 ? 'face' : 'faces'}`;

  const clusters = (): Map<number, WorldFace[]> => {
    const groups = new Map<number, WorldFace[]>();
    for (const face of world.faces.values()) {
      if (face.clusterId === null || face.state !== 'kept') continue;
      const group = groups.get(face.clusterId) ?? [];
      group.push(face);
      groups.set(face.clusterId, group);
    }
    return groups;
  };
  const cluster = (id: number, faces: readonly WorldFace[]): Cluster => {
    const named = faces.find((face) => face.personId !== null);
    const unnamed = faces.filter((face) => face.personId === null);
    const refused =
      named !== undefined && unnamed.every((face) => world.dismissed.has(`${face.id} ${named.personId}`));
    return {
      id,
      size: faces.length,
      unnamed: unnamed.length,
      covers: best(faces).map((face) => ({ face: face.id, crop: face.crop })),
      suggestion:
        named?.personId && named.person !== null && !refused
          ? { personId: named.personId, name: named.person, similarity: 0.4 + 0.4 * pairNoise(id, 3) }
          : null,
    };
  };

  return {
    'people.page': ({ search, offset, limit }) => {
      const all = [...world.people.values()]
        .filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
        .map(({ id }) => person(id))
        .sort((a, b) => b.faces - a.faces);
      return slice(all, offset, limit);
    },
    'people.get': ({ person: id }) => person(id),
    'people.name': ({ faces, cluster: of, name }) => {
      const ids =
        faces ?? facesWhere((face) => face.clusterId === of && face.personId === null).map((face) => face.id);
      const id = idOf(name);
      act(`Named ${count(ids.length)} “${name}”`, ids, () => ({ personId: id, person: name, named: 'user' }));
      return person(id);
    },
    'people.rename': ({ person: id, name }) => {
      const before = person(id).name;
      const rename = (to: string): void => {
        world.people.set(id, { id, name: to });
        for (const face of facesWhere((one) => one.personId === id)) face.person = to;
      };
      record(
        world,
        `Renamed “${before}” to “${name}”`,
        () => rename(name),
        () => rename(before),
      );
      changed();
      return person(id);
    },
    'people.merge': ({ people, into }) => {
      const target = person(into);
      const ids = facesWhere((face) => face.personId !== null && people.includes(face.personId));
      act(
        `Merged ${people.length + 1} people into “${target.name}”`,
        ids.map((face) => face.id),
        () => ({
          personId: into,
          person: target.name,
        }),
      );
      return person(into);
    },
    'people.split': ({ faces, name }) => {
      const id = name === null ? null : idOf(name);
      act(`Took ${count(faces.length)} away`, faces, () => ({
        personId: id,
        person: name,
        named: id === null ? null : 'user',
      }));
      return id === null ? null : person(id);
    },
    'people.suggestions': ({ person: of, offset, limit }) => {
      const all: Suggestion[] = [];
      for (const face of world.faces.values()) {
        const known = world.people.get(face.truth + 1);
        if (face.personId !== null || known === undefined || face.state !== 'kept') continue;
        if ((of !== null && known.id !== of) || world.dismissed.has(`${face.id} ${known.id}`)) continue;
        all.push({
          face,
          personId: known.id,
          name: known.name,
          similarity: 0.35 + 0.5 * pairNoise(face.id, 1),
        });
      }
      return slice(
        all.sort((a, b) => b.similarity - a.similarity),
        offset,
        limit,
      );
    },
    'people.confirm': ({ faces, person: id }) => {
      const { name } = person(id);
      act(`Confirmed ${count(faces.length)} of “${name}”`, faces, () => ({
        personId: id,
        person: name,
        named: 'user',
      }));
    },
    'people.dismiss': ({ faces, person: id }) => {
      const keys = faces.map((face) => `${face} ${id}`);
      record(
        world,
        `Said that ${count(faces.length)} are not “${person(id).name}”`,
        () => keys.forEach((key) => void world.dismissed.add(key)),
        () => keys.forEach((key) => void world.dismissed.delete(key)),
      );
      changed();
    },
    'clusters.page': ({ show, minSize, offset, limit }) => {
      const all = [...clusters()]
        .map(([id, faces]) => cluster(id, faces))
        .filter((one) => one.size >= minSize && (show === 'all' || one.unnamed > 0))
        .sort((a, b) => b.size - a.size || a.id - b.id);
      return slice(all, offset, limit);
    },
    'clusters.get': ({ cluster: id }) => cluster(id, clusters().get(id) ?? []),
    'clusters.merge': ({ clusters: which }) => {
      const into = which[0] ?? 0;
      const ids = facesWhere((face) => face.clusterId !== null && which.includes(face.clusterId));
      act(
        `Merged ${which.length} clusters`,
        ids.map((face) => face.id),
        () => ({ clusterId: into }),
      );
    },
    'clusters.split': ({ faces }) => {
      const id = world.nextId++;
      act(`Split ${count(faces.length)} off`, faces, () => ({ clusterId: id }));
      return { cluster: id };
    },
    'journal.list': ({ offset, limit }) =>
      slice(world.journal.map(({ entry }) => ({ ...entry })).reverse(), offset, limit),
    'journal.undo': () => {
      const entry = undo(world);
      changed();
      return entry;
    },
    'journal.redo': () => {
      const entry = redo(world);
      changed();
      return entry;
    },
  };
}
