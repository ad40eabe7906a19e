import type { Person, Suggestion } from '../../core/contract/people.ts';
import type { Reader, Value, Writer } from './database.ts';
import { getFaces } from './faces.ts';
import { likePattern } from './photos.ts';

const seen = `f.state = 'kept' AND f.dataset_id IN (SELECT id FROM dataset WHERE removed = 0)`;
const coverCount = 4;

function coversOf(reader: Reader, person: number): string[] {
  return reader
    .all<{ crop: string }>(
      `SELECT f.crop FROM face f WHERE f.person_id = ? AND ${seen} ORDER BY f.overall DESC, f.id LIMIT ?`,
      [person, coverCount],
    )
    .map((row) => row.crop);
}

/** People who have faces, those with most first. */
export function pagePeople(
  reader: Reader,
  search: string,
  offset: number,
  limit: number,
): { total: number; items: Person[] } {
  const where = search === '' ? 'true' : `n.name LIKE ? ESCAPE '\\'`;
  const values: Value[] = search === '' ? [] : [likePattern(search)];
  // Counted before people are joined, so that the index of faces is all that is read of them.
  const from = `FROM (SELECT f.person_id AS id, count(*) AS faces FROM face f
    WHERE f.person_id IS NOT NULL AND ${seen} GROUP BY f.person_id) g JOIN person n ON n.id = g.id WHERE ${where}`;
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n ${from}`, values)?.n ?? 0;
  const rows = reader.all<{ id: number; name: string; faces: number }>(
    `SELECT n.id, n.name, g.faces ${from} ORDER BY g.faces DESC, n.name LIMIT ? OFFSET ?`,
    [...values, limit, offset],
  );
  return { total, items: rows.map((row) => ({ ...row, covers: coversOf(reader, row.id) })) };
}

export function getPerson(reader: Reader, id: number): Person | null {
  const row = reader.get<{ id: number; name: string; faces: number }>(
    `SELECT n.id, n.name, (SELECT count(*) FROM face f WHERE f.person_id = n.id AND ${seen}) AS faces
     FROM person n WHERE n.id = ?`,
    [id],
  );
  return row === undefined ? null : { ...row, covers: coversOf(reader, id) };
}

/** The person of that name, who is made if need be. */
export function personNamed(writer: Writer, name: string, at: number): number {
  const known = writer.get<{ id: number }>('SELECT id FROM person WHERE name = ?', [name]);
  return known?.id ?? writer.run('INSERT INTO person (name, created_at) VALUES (?, ?)', [name, at]).id;
}

export function findPerson(reader: Reader, name: string): number | null {
  return reader.get<{ id: number }>('SELECT id FROM person WHERE name = ?', [name])?.id ?? null;
}

/** Ids of a person's faces, whatever their state. */
export function facesOfPerson(reader: Reader, person: number): number[] {
  return reader.all<{ id: number }>('SELECT id FROM face WHERE person_id = ?', [person]).map((row) => row.id);
}

/**
 * Replaces the suggestions of faces in these datasets. Faces and people that went since they were computed are passed
 * over.
 */
export function replaceSuggestions(
  writer: Writer,
  datasets: readonly number[],
  suggestions: readonly { readonly face: number; readonly person: number; readonly similarity: number }[],
): void {
  writer.run(
    `DELETE FROM suggestion WHERE face_id IN
       (SELECT id FROM face WHERE dataset_id IN (SELECT value FROM json_each(?)))`,
    [JSON.stringify(datasets)],
  );
  for (const { face, person, similarity } of suggestions) {
    writer.run(
      `INSERT OR REPLACE INTO suggestion (face_id, person_id, similarity)
       SELECT f.id, n.id, ? FROM face f, person n WHERE f.id = ? AND n.id = ?`,
      [similarity, face, person],
    );
  }
}

/** Unnamed faces that look like a named person, best first; what was dismissed or named since is left out. */
export function pageSuggestions(
  reader: Reader,
  person: number | null,
  offset: number,
  limit: number,
): { total: number; items: Suggestion[] } {
  const from = `FROM suggestion s JOIN face f ON f.id = s.face_id JOIN person n ON n.id = s.person_id
    WHERE f.person_id IS NULL AND ${seen} AND (? IS NULL OR s.person_id = ?)
    AND NOT EXISTS (SELECT 1 FROM not_person d WHERE d.face_id = s.face_id AND d.person_id = s.person_id)`;
  const total = reader.get<{ n: number }>(`SELECT count(*) AS n ${from}`, [person, person])?.n ?? 0;
  const rows = reader.all<{ face: number; personId: number; name: string; similarity: number }>(
    `SELECT s.face_id AS face, s.person_id AS personId, n.name, s.similarity ${from}
     ORDER BY s.similarity DESC, s.face_id LIMIT ? OFFSET ?`,
    [person, person, limit, offset],
  );
  const faces = new Map(
    getFaces(
      reader,
      rows.map((row) => row.face),
    ).map((face) => [face.id, face]),
  );
  const items = rows.flatMap(({ face, ...row }) => {
    const found = faces.get(face);
    return found === undefined ? [] : [{ ...row, face: found }];
  });
  return { total, items };
}

/** Pairs of face and person that the user said are not the same. */
export function dismissals(reader: Reader): { readonly face: number; readonly person: number }[] {
  return reader.all('SELECT face_id AS face, person_id AS person FROM not_person');
}

/** Ids of what was dismissed of a person. */
export function dismissalsOf(reader: Reader, person: number): number[] {
  return reader
    .all<{ id: number }>('SELECT id FROM not_person WHERE person_id = ?', [person])
    .map((row) => row.id);
}
