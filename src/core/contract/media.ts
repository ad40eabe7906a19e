/**
 * Pictures never travel in messages: these paths are served by `app://` and by HTTP alike.
 * Hosts answer them from one function (src/main/app/media.ts).
 */

/** Thumbnail of a photograph, by the photograph's content hash; never changes. */
export function thumbnailPath(hash: string): string {
  return `/media/thumbnail/${hash}.jpg`;
}

/** The photograph itself, upright, at most `side` pixels long. */
export function photoPath(photo: number, side = 1600): string {
  return `/media/photo/${photo}.jpg?side=${side}`;
}

/** An aligned crop, by its content hash; never changes. */
export function cropPath(hash: string): string {
  return `/media/crop/${hash}.png`;
}

/** The original of a benchmark's picture, upright, at most `side` pixels long. */
export function benchmarkPhotoPath(benchmark: number, image: number, side = 800): string {
  return `/media/benchmark/${benchmark}/${image}.jpg?side=${side}`;
}

/** The crop that five points of a photograph would give: follows the points while a user moves them. */
export function warpPath(photo: number, points: readonly number[], solver: 'umeyama' | 'evolve'): string {
  return `/media/warp/${photo}.png?solver=${solver}&points=${points.map((value) => value.toFixed(2)).join(',')}`;
}

/** Crop of a face in a picture that was sent to be searched for. */
export function queryCropPath(query: string): string {
  return `/media/query/${query}.png`;
}

/** A crop of a run's batch as the network saw it, augmented; never changes. */
export function batchCropPath(run: number, step: number, index: number): string {
  return `/media/batch/${run}/${step}/${index}.png`;
}

/** POST of a file's bytes; answers `{ "upload": "ID" }`. Header `x-lineament-name` carries the file's name, URI-encoded. */
export const uploadPath = '/media/upload';
