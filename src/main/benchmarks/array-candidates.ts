import { join } from 'node:path';
import { openBcolz, openNpyPictures } from './arrays.ts';
import { openBin } from './bin.ts';
import type { Candidate } from './reading.ts';
import { openRecordPairs } from './record-pairs.ts';
import type { Survey } from './survey.ts';

/** What the benchmarks are called whose files these are. */
const names: readonly (readonly [RegExp, string])[] = [
  [/calfw/i, 'CALFW'],
  [/cplfw/i, 'CPLFW'],
  [/sllfw/i, 'SLLFW'],
  [/mlfw/i, 'MLFW'],
  [/lfw/i, 'LFW'],
  [/agedb/i, 'AgeDB-30'],
  [/cfp[_-]?ff/i, 'CFP-FF'],
  [/cfp[_-]?fp/i, 'CFP-FP'],
  [/vgg(face)?2[_-]?fp/i, 'VGGFace2-FP'],
  [/african|asian|caucasian|indian/i, 'RFW'],
];

function nameOf(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.(bin|npy)$/i, '');
  return names.find(([pattern]) => pattern.test(file))?.[1] ?? file;
}

/** Files that hold pictures and pairs: InsightFace's `.bin`, arrays of face.evoLVe as bcolz and as one `.npy`; `.rec` without pairs. */
export function arrayCandidates({ root, others }: Survey): Candidate[] {
  const known = new Set(others);
  const bins = others
    .filter((path) => /\.bin$/i.test(path))
    .map((path) => ({
      format: `bin:${path}`,
      title: `${nameOf(path)} as InsightFace’s ${path}`,
      name: nameOf(path),
      missing: [],
      load: () => openBin(join(root, path)),
    }));
  const bcolz = others
    .filter((path) => /(^|\/)meta\/storage$/.test(path) && known.has(path.replace(/storage$/, 'sizes')))
    .map((path) => {
      const folder = path.replace(/\/?meta\/storage$/, '');
      return withFlags(root, folder, known, 'bcolz', openBcolz);
    });
  const arrays = others
    .filter((path) => /\.npy$/i.test(path) && known.has(path.replace(/\.npy$/i, '_list.npy')))
    .map((path) => withFlags(root, path, known, 'npy', openNpyPictures));
  const records = others
    .filter((path) => /\.rec$/i.test(path))
    .map((path) => ({
      format: `rec:${path}`,
      title: `Pairs drawn from the people of InsightFace’s records ${path}`,
      name: path.slice(path.lastIndexOf('/') + 1).replace(/\.rec$/i, ''),
      missing: [],
      load: () => openRecordPairs(join(root, path)),
    }));
  return [...bins, ...bcolz, ...arrays, ...records];
}

function withFlags(
  root: string,
  path: string,
  known: ReadonlySet<string>,
  kind: 'bcolz' | 'npy',
  open: typeof openBcolz,
): Candidate {
  const flags = `${path.replace(/\.npy$/i, '')}_list.npy`;
  const form = kind === 'bcolz' ? 'face.evoLVe’s array (bcolz)' : 'an array of NumPy';
  return {
    format: `${kind}:${path}`,
    title: `${nameOf(path)} as ${form}, ${path}`,
    name: nameOf(path),
    missing: known.has(flags) ? [] : [`${flags}, which says which pairs are of one person`],
    load: () => open(join(root, path), join(root, flags)),
  };
}
