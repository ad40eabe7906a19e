import type { Writer } from '../../src/main/store/database.ts';

const numbers = (count: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})`;

/** The model whose embeddings all crops of the big store have. */
export const bigModel = 'model';

/**
 * Fills an empty store with that many faces, one a photograph, over 4 datasets; half are named after one of faces/50
 * people, all are in one of faces/16 clusters, every twentieth stands aside.
 */
export function fillBigStore(writer: Writer, faces: number): void {
  const people = Math.ceil(faces / 50);
  const clusters = Math.ceil(faces / 16);
  for (let d = 1; d <= 4; d++) {
    writer.run(`INSERT INTO dataset (name, sources, created_at) VALUES (?, '[["/pictures"]]', 0)`, [
      `set ${d}`,
    ]);
  }
  writer.run(`${numbers(people)} INSERT INTO person (name, created_at) SELECT 'Person ' || i, 0 FROM n`);
  writer.run(`${numbers(clusters)} INSERT INTO cluster (created_at) SELECT 0 FROM n`);
  writer.run(
    `${numbers(faces)} INSERT INTO photo (dataset_id, key, label, path, hash, bytes, modified, width, height, aligned_by)
     SELECT 1 + i % 4, printf('folder %d/photo %06d.jpg', i / 100, i),
       CASE WHEN i % 3 = 0 THEN 'label ' || (i % 500) END,
       printf('/pictures/folder %d/photo %06d.jpg', i / 100, i), printf('%064x', i), 100000, 0, 1000, 800, 'mtcnn' FROM n`,
  );
  writer.run(
    `${numbers(faces)} INSERT INTO face (photo_id, dataset_id, x, y, width, height, size, score, points, solver, state,
       overall, sharpness, brightness, yaw, pitch, roll, crop, crop_size, person_id, named, cluster_id)
     SELECT i + 1, 1 + i % 4, 10, 10, 50, 60, 50 + i % 77, 0.99,
       '[100.123,100.456,120.789,100.111,110.222,110.333,100.444,120.555,120.666,120.777]', 'umeyama',
       CASE WHEN i % 20 = 0 THEN 'aside' ELSE 'kept' END, (i * 7919 % 1000) / 1000.0, 0.5, 0.5, 0, 0, 0,
       printf('%064x', i * 1000003), 112, CASE WHEN i % 2 = 0 THEN 1 + i % ${people} END,
       CASE WHEN i % 2 = 0 THEN 'user' END, 1 + i % ${clusters} FROM n`,
  );
  writer.run(
    `${numbers(faces)} INSERT INTO embedding (model, crop, row) SELECT ?, printf('%064x', i * 1000003), i FROM n`,
    [bigModel],
  );
  writer.run('INSERT INTO vector_file (model, size, rows) VALUES (?, 512, ?)', [bigModel, faces]);
}
