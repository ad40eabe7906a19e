import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { BenchmarkImage } from '../../core/benchmarks/types.ts';
import { pictureFinder } from './finder.ts';
import { readWhole } from './read-file.ts';
import type { BenchmarkPictures } from './reading.ts';
import type { Survey } from './survey.ts';

/** No photograph has more. */
const mostPictureBytes = 256 * 2 ** 20;

/** A list's pictures as files of a folder. IJB's keys with a box (`path@x,y,w,h`) are the whole picture. */
export function folderPictures(survey: Survey, images: readonly BenchmarkImage[]): BenchmarkPictures {
  const finder = pictureFinder(
    survey.pictures,
    images.map(({ key }) => fileOf(key)),
  );
  const found = new Map<string, string | null>();
  const find = (key: string): string | null => {
    const known = found.get(key);
    if (known !== undefined) return known;
    const path = finder.find(fileOf(key));
    found.set(key, path);
    return path;
  };
  return {
    has: (key) => find(key) !== null,
    place: (key) => {
      const path = find(key);
      return path === null ? null : join(survey.root, path);
    },
    open: async (key) => {
      const path = find(key);
      if (path === null) throw error('benchmark/no-picture', { path: survey.root, key });
      return readWhole(join(survey.root, path), path, mostPictureBytes);
    },
    close: async () => {
      found.clear();
    },
  };
}

const fileOf = (key: string): string => key.replace(/@-?[\d.]+,-?[\d.]+,[\d.]+,[\d.]+$/, '');
