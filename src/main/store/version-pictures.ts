import type { FaceQuality } from '../../core/contract/faces.ts';
import type { Box, Points5 } from '../../core/faces/types.ts';
import type { Reader } from './database.ts';

/** A picture of a version with what is known of the face that it was cut from. */
export interface VersionPicture {
  readonly crop: string;
  readonly identity: number;
  readonly dataset: number;
  readonly quality: FaceQuality;
  readonly box: Box | null;
  readonly points: Points5 | null;
  /** Name of its photograph; null where the face was cut anew since. */
  readonly key: string | null;
  /** SHA-256 of the photograph's bytes, and where it is: null in the pack of originals. */
  readonly hash: string | null;
  readonly path: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

interface Row extends Omit<VersionPicture, 'quality' | 'box' | 'points'> {
  readonly x: number | null;
  readonly y: number | null;
  readonly w: number | null;
  readonly h: number | null;
  readonly points: string | null;
  readonly overall: number | null;
  readonly sharpness: number | null;
  readonly brightness: number | null;
  readonly yaw: number | null;
  readonly pitch: number | null;
  readonly roll: number | null;
}

/** The pictures of a version that are there, in the order of the list; of faces that look the same the first is told. */
export function versionPictures(reader: Reader, version: number): VersionPicture[] {
  const rows = reader.all<Row>(
    `SELECT i.crop, i.identity, i.dataset_id AS dataset, f.x, f.y, f.width AS w, f.height AS h, f.points, f.overall,
       f.sharpness, f.brightness, f.yaw, f.pitch, f.roll, p.key, p.hash, p.path, p.width, p.height
     FROM version_item i
     CROSS JOIN blob b ON b.pack = 'crops' AND b.hash = i.crop
     LEFT JOIN face f ON f.id = (SELECT g.id FROM face g WHERE g.crop = i.crop ORDER BY g.id LIMIT 1)
     LEFT JOIN photo p ON p.id = f.photo_id
     WHERE i.version_id = ? ORDER BY i.position`,
    [version],
  );
  return rows.map(({ x, y, w, h, points, overall, sharpness, brightness, yaw, pitch, roll, ...rest }) => ({
    ...rest,
    box: x === null || y === null || w === null || h === null ? null : { x, y, width: w, height: h },
    points: points === null ? null : JSON.parse(points),
    quality: {
      ...{ overall: overall ?? 0, sharpness: sharpness ?? 0, brightness: brightness ?? 0 },
      ...{ yaw: yaw ?? 0, pitch: pitch ?? 0, roll: roll ?? 0 },
    },
  }));
}

/** A picture of a version that a model has embedded. */
export interface VersionRow {
  readonly crop: string;
  readonly identity: number;
  /** Of its embedding. */
  readonly row: number;
}

/** The pictures of a version that are there and embedded, in the order of the list. */
export function versionRows(reader: Reader, model: string, version: number): VersionRow[] {
  return reader.all(
    `SELECT i.crop, i.identity, e.row FROM version_item i
     CROSS JOIN embedding e ON e.model = ? AND e.crop = i.crop
     WHERE i.version_id = ? AND EXISTS (SELECT 1 FROM blob b WHERE b.pack = 'crops' AND b.hash = i.crop)
     ORDER BY i.position`,
    [model, version],
  );
}
