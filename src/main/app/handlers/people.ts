import { error } from '../../../core/base/errors.ts';
import type { JournalEntry, Person } from '../../../core/contract/people.ts';
import { addCluster, facesOfCluster, getCluster, pageClusters } from '../../store/clusters.ts';
import { firstUnknownFace } from '../../store/faces.ts';
import { listJournal, type Recorder, record, redo, undo } from '../../store/journal.ts';
import {
  dismissals,
  dismissalsOf,
  facesOfPerson,
  findPerson,
  getPerson,
  pagePeople,
  pageSuggestions,
} from '../../store/people.ts';
import type { Context } from '../context.ts';
import type { Part } from './part.ts';

/** “1 face”, “12 faces”. */
export function faceCount(n: number): string {
  return n === 1 ? '1 face' : `${n.toLocaleString('en')} faces`;
}

export function peopleHandlers(context: Context): Part<'people' | 'clusters' | 'journal'> {
  const { store, events } = context;
  const requirePerson = (person: number): Person => {
    const found = getPerson(store, person);
    if (found === null) throw error('person/unknown', { person });
    return found;
  };
  const act = <T>(title: string, work: (recorder: Recorder) => T): T => {
    const result = store.write((writer) => record(writer, title, context.now(), work));
    events.changed('people', 'faces', 'clusters', 'journal');
    return result;
  };
  const give = (faces: readonly number[], person: number | null) => (recorder: Recorder) =>
    recorder.update('face', faces, { person_id: person, named: person === null ? null : 'user' });
  /** The person of that name, who is made in the same action if need be. */
  const named = (recorder: Recorder, name: string): number =>
    findPerson(recorder, name) ?? recorder.insert('person', { name, created_at: context.now() });
  const requireFaces = (faces: readonly number[]): void => {
    const gone = firstUnknownFace(store, faces);
    if (gone !== null) throw error('face/unknown', { face: gone });
  };
  const requireCluster = (cluster: number): void => {
    if (getCluster(store, cluster) === null) throw error('cluster/unknown', { cluster });
  };
  const step = (entry: JournalEntry | null): JournalEntry | null => {
    if (entry !== null) events.changed('people', 'faces', 'clusters', 'photos', 'datasets', 'journal');
    return entry;
  };
  return {
    'people.page': ({ search, offset, limit }) => ({ offset, ...pagePeople(store, search, offset, limit) }),
    'people.get': ({ person }) => requirePerson(person),
    'people.name': ({ faces, cluster, name }) => {
      if (cluster !== undefined) requireCluster(cluster);
      requireFaces(faces ?? []);
      const chosen = faces ?? (cluster === undefined ? [] : facesOfCluster(store, cluster, true));
      const person = act(`Named ${faceCount(chosen.length)} “${name}”`, (recorder) => {
        const id = named(recorder, name);
        give(chosen, id)(recorder);
        return id;
      });
      return requirePerson(person);
    },
    'people.rename': ({ person, name }) => {
      const before = requirePerson(person).name;
      const taken = findPerson(store, name);
      const free = taken === null || taken === person || facesOfPerson(store, taken).length === 0;
      if (!free) throw error('person/name-taken', { name });
      act(`Renamed “${before}” to “${name}”`, (recorder) => {
        // Somebody without faces, left over from a merge, must not keep the name from being used.
        if (taken !== null && taken !== person) {
          recorder.remove('not_person', dismissalsOf(recorder, taken));
          recorder.remove('person', [taken]);
        }
        recorder.update('person', [person], { name });
      });
      return requirePerson(person);
    },
    'people.merge': ({ people, into }) => {
      const target = requirePerson(into);
      const others = [...new Set(people)].filter((person) => person !== into).map(requirePerson);
      const faces = others.flatMap(({ id }) => facesOfPerson(store, id));
      act(
        `Merged ${others.map(({ name }) => `“${name}”`).join(', ')} into “${target.name}”`,
        give(faces, into),
      );
      return requirePerson(into);
    },
    'people.split': ({ faces, name }) => {
      requireFaces(faces);
      if (name === null) {
        act(`Took the name off ${faceCount(faces.length)}`, give(faces, null));
        return null;
      }
      const person = act(`Split ${faceCount(faces.length)} off as “${name}”`, (recorder) => {
        const id = named(recorder, name);
        give(faces, id)(recorder);
        return id;
      });
      return requirePerson(person);
    },
    'people.suggestions': ({ person, offset, limit }) => ({
      offset,
      ...pageSuggestions(store, person, offset, limit),
    }),
    'people.confirm': ({ faces, person }) => {
      const { name } = requirePerson(person);
      requireFaces(faces);
      act(`Confirmed ${faceCount(faces.length)} as “${name}”`, give(faces, person));
    },
    'people.dismiss': ({ faces, person }) => {
      const { name } = requirePerson(person);
      requireFaces(faces);
      act(`${faceCount(faces.length)} not “${name}”`, (recorder) => {
        const known = new Set(dismissals(recorder).map((pair) => `${pair.face} ${pair.person}`));
        for (const face of new Set(faces)) {
          if (!known.has(`${face} ${person}`))
            recorder.insert('not_person', { face_id: face, person_id: person });
        }
      });
    },
    'clusters.page': ({ show, minSize, offset, limit }) => ({
      offset,
      ...pageClusters(store, show, minSize, offset, limit),
    }),
    'clusters.get': ({ cluster }) => {
      const found = getCluster(store, cluster);
      if (found === null) throw error('cluster/unknown', { cluster });
      return found;
    },
    'clusters.merge': ({ clusters }) => {
      clusters.forEach(requireCluster);
      const [first, ...others] = [...new Set(clusters)];
      if (first === undefined) return;
      const faces = others.flatMap((cluster) => facesOfCluster(store, cluster, false));
      act(`Merged ${others.length + 1} clusters`, (recorder) =>
        recorder.update('face', faces, { cluster_id: first }),
      );
    },
    'clusters.split': ({ faces }) => {
      requireFaces(faces);
      const cluster = store.write((writer) => addCluster(writer, context.now()));
      act(`Split ${faceCount(faces.length)} off a cluster`, (recorder) =>
        recorder.update('face', faces, { cluster_id: cluster }),
      );
      return { cluster };
    },
    'journal.list': ({ offset, limit }) => ({ offset, ...listJournal(store, offset, limit) }),
    'journal.undo': () => step(store.write(undo)),
    'journal.redo': () => step(store.write(redo)),
  };
}
