import { error } from '../../core/base/errors.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { Picture } from '../../core/contract/search.ts';
import type { FaceToSave, ModelPlace } from '../jobs/align.ts';
import { scopeOf } from '../store/datasets.ts';
import { countMissing, type EmbeddedFace, embeddedFaces, findRow } from '../store/embeddings.ts';
import { getFace } from '../store/faces.ts';
import type { Context } from './context.ts';

/** Embeds a crop in the background, so that a face that was moved by hand is found by the next search. */
export function embedNow(context: Context, crop: string, png: Uint8Array): void {
  const work = async (): Promise<void> => {
    const model = context.shelf.embedding(null);
    const { id, size, sha256 } = model.card;
    if (findRow(context.store, id, crop) !== null) return;
    const vector = await context.recogniser.use((methods) => methods.embed({ model, crops: [png] }));
    await context.library.addVectors(id, size, [crop], vector, sha256);
    context.events.changed('faces', 'datasets');
  };
  // Where it fails, the face counts as not embedded and the next embedding job takes it.
  work().catch((thrown: unknown) => console.error('embedding a moved face failed:', thrown));
}

/** A face to look for. */
export interface Query {
  readonly face: Omit<FaceToSave, 'crop'>;
  /** Length 1. */
  readonly vector: Float32Array;
  /** PNG; null where the crop is kept already. */
  readonly png: Uint8Array | null;
}

async function vectorOf(
  context: Context,
  model: ModelPlace<EmbeddingCard>,
  crop: string,
  png: Uint8Array | null,
): Promise<Float32Array> {
  const { id, size } = model.card;
  const row = findRow(context.store, id, crop);
  if (row !== null) return await (await context.library.vectors(id, size)).read(row, 1);
  const bytes = png ?? (await context.library.read('crops', crop));
  if (bytes === null) throw error('face/not-embedded', { face: crop, model: id });
  return await context.recogniser.use((methods) => methods.embed({ model, crops: [bytes] }));
}

/** The faces of a picture with their embeddings, the biggest first. Error: `face/no-face-in-picture`. */
export async function queriesOf(
  context: Context,
  model: ModelPlace<EmbeddingCard>,
  picture: Picture,
): Promise<Query[]> {
  if ('face' in picture) {
    const face = getFace(context.store, picture.face);
    if (face === null) throw error('face/unknown', { face: picture.face });
    const vector = await vectorOf(context, model, face.crop, null);
    return [{ face: { ...face, cropHash: face.crop }, vector, png: null }];
  }
  const path = 'path' in picture ? picture.path : await context.uploads.path(picture.upload);
  const name = 'path' in picture ? picture.path : (path.split(/[\\/]/).at(-1) ?? path);
  const { faces } = await context.recogniser.use((methods) => methods.find({ picture: path, name }));
  if (faces.length === 0) throw error('face/no-face-in-picture', { path: name });
  const area = ({ box }: FaceToSave): number => box.width * box.height;
  const sorted = faces.toSorted((a, b) => area(b) - area(a));
  const crops = sorted.map(({ crop }) => crop);
  const vectors = await context.recogniser.use((methods) => methods.embed({ model, crops }));
  const { size } = model.card;
  return sorted.map(({ crop, ...face }, index) => ({
    face,
    vector: vectors.slice(index * size, (index + 1) * size),
    png: crop,
  }));
}

/** What a search compares with. */
export interface Scope {
  readonly faces: readonly EmbeddedFace[];
  readonly rows: Int32Array;
  /** Kept faces in scope that have no embedding. */
  readonly missing: number;
}

/** Keeps the last few scopes: reading 100,000 rows for every search would cost more than the search. */
export function scopeCache(context: Context): (model: string, datasets: readonly number[] | null) => Scope {
  const known = new Map<string, Scope>();
  let version = -1;
  return (model, datasets) => {
    const now = context.events.version('faces', 'datasets');
    if (now !== version) known.clear();
    version = now;
    const key = JSON.stringify([model, datasets]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const ids = scopeOf(context.store, datasets);
    const faces = embeddedFaces(context.store, model, ids);
    const scope: Scope = {
      faces,
      rows: Int32Array.from(faces, (face) => face.row),
      missing: countMissing(context.store, model, ids),
    };
    if (known.size >= 4) known.clear();
    known.set(key, scope);
    return scope;
  };
}
