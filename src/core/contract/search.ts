import { z } from 'zod';
import type { Box, Points5 } from '../faces/types.ts';
import { id, ids } from './common.ts';
import type { Face, FaceQuality } from './faces.ts';
import { method } from './method.ts';

/** A picture to look in: a face that is known, a file on the application's machine, or one sent to `/media/upload`. */
const picture = z.union([
  z.object({ face: id }).strict(),
  z.object({ path: z.string().min(1) }).strict(),
  z.object({ upload: z.string().min(1) }).strict(),
]);

export interface SearchHit {
  readonly face: Face;
  /** Cosine similarity. */
  readonly similarity: number;
}

export interface SearchQuery {
  readonly box: Box;
  readonly points: Points5;
  readonly quality: FaceQuality;
  /** The query's crop as a media path. */
  readonly crop: string;
  /** Best first; of equals, the lower face id. */
  readonly hits: readonly SearchHit[];
}

export interface SearchResult {
  readonly model: string;
  /** The model's own threshold for “the same person”. */
  readonly threshold: number;
  /** How many faces were compared, and how many in scope have no embedding yet. */
  readonly compared: number;
  readonly missing: number;
  readonly milliseconds: number;
  /** One for each face in the picture, the biggest first. */
  readonly queries: readonly SearchQuery[];
}

export const searchMethods = {
  'search.query': method(
    z.object({
      picture,
      datasets: ids.nullable().default(null),
      model: z.string().nullable().default(null),
      top: z.int().min(1).max(1000).default(50),
      minSimilarity: z.number().min(-1).max(1).default(-1),
    }),
  )<SearchResult>(),
  /** Loads what a search needs, as when a page that searches is opened: the first search then answers at once. */
  'search.prepare': method(
    z.object({ datasets: ids.nullable().default(null), model: z.string().nullable().default(null) }),
  )<{ readonly compared: number; readonly missing: number }>(),
  /** Compares the biggest face of each picture. */
  'search.verify': method(z.object({ a: picture, b: picture, model: z.string().nullable().default(null) }))<{
    readonly similarity: number;
    readonly threshold: number;
    readonly same: boolean;
    readonly model: string;
  }>(),
  /** Writes the embeddings of a dataset as NumPy .npy [faces, size] with a .json of face ids beside it. */
  'embeddings.export': method(
    z.object({ dataset: id, out: z.string().min(1), model: z.string().nullable().default(null) }),
  )<{ readonly rows: number; readonly size: number; readonly file: string; readonly ids: string }>(),
  /** Writes a face's crop as PNG. */
  'faces.exportCrop': method(z.object({ face: id, out: z.string().min(1) }))<{ readonly file: string }>(),
} as const;

export type Picture = z.infer<typeof picture>;
