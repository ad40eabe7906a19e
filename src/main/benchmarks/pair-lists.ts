import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { readAgeDb } from '../../core/benchmarks/agedb.ts';
import { readCfp } from '../../core/benchmarks/cfp.ts';
import { joinGroups, joinViews, readLfwPairs } from '../../core/benchmarks/lfw.ts';
import { readMat } from '../../core/benchmarks/mat.ts';
import { readTablePairs } from '../../core/benchmarks/table-pairs.ts';
import { type PairText, pairTextKind, textKindCharacters } from '../../core/benchmarks/text-kind.ts';
import { readTwoLinePairs } from '../../core/benchmarks/two-lines.ts';
import type { VerificationList } from '../../core/benchmarks/types.ts';
import { folderPictures } from './folder-pictures.ts';
import { readStart, readText, readWhole } from './read-file.ts';
import type { Candidate } from './reading.ts';
import type { Survey } from './survey.ts';

/** Lists of pairs that are files of a folder: `lists` is where they lie, `pictures` where the pictures do (often the same). */
export interface Place {
  readonly lists: Survey;
  readonly pictures: Survey;
}

const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const withoutEnding = (path: string): string => last(path).replace(/\.[^.]*$/, '');

/** A candidate of a verification list. */
export function pairCandidate(
  place: Place,
  facts: {
    readonly format: string;
    readonly title: string;
    readonly name: string;
    readonly missing?: readonly string[];
  },
  read: () => Promise<VerificationList>,
): Candidate {
  return {
    missing: [],
    ...facts,
    load: async () => {
      const list = await read();
      return { list, pictures: folderPictures(place.pictures, list.images) };
    },
  };
}

/** Everything that is a list of pairs by its name and content. */
export async function pairCandidates(place: Place): Promise<Candidate[]> {
  const { root, others } = place.lists;
  const text = (path: string): Promise<string> => readText(join(root, path), path);
  const lists = others.filter((path) => /\.(txt|csv|tsv|list|lst)$/i.test(path) && !isKnownPart(path));
  const kinds = new Map<string, PairText>();
  for (const path of lists) {
    const start = await readStart(join(root, path), textKindCharacters).catch(() => new Uint8Array(0));
    const kind = start.includes(0) ? null : pairTextKind(new TextDecoder().decode(start));
    if (kind !== null && (kind !== 'two-lines' || lists.length === 1 || saysPairs(path)))
      kinds.set(path, kind);
  }
  const groups = [...kinds].flatMap(([path, kind]) => {
    const group =
      kind === 'lfw' ? /(african|asian|caucasian|indian)[_-]?pairs/i.exec(last(path))?.[1] : undefined;
    return group === undefined
      ? []
      : [{ path, group: group.slice(0, 1).toUpperCase() + group.slice(1).toLowerCase() }];
  });
  const found: Candidate[] = [];
  if (groups.length > 1) {
    const missing = ['African', 'Asian', 'Caucasian', 'Indian'].filter(
      (name) => !groups.some(({ group }) => group === name),
    );
    const title = `RFW: ${groups.map(({ group }) => group).join(', ')}${missing.length > 0 ? ` (without ${missing.join(', ')})` : ''}`;
    found.push(
      pairCandidate(place, { format: 'rfw', title, name: 'RFW' }, async () =>
        joinGroups(
          await Promise.all(
            groups.map(async ({ path, group }) => readLfwPairs(await text(path), { file: path, group })),
          ),
        ),
      ),
    );
  }
  for (const { path, group } of groups)
    found.push(
      pairCandidate(
        place,
        { format: `rfw:${path}`, title: `RFW, ${group} alone`, name: `RFW ${group}` },
        async () => readLfwPairs(await text(path), { file: path, group }),
      ),
    );
  const [trainPath, testPath] = [/^pairs_?dev_?train\.(txt|csv)$/i, /^pairs_?dev_?test\.(txt|csv)$/i].map(
    (pattern) => [...kinds.keys()].find((path) => pattern.test(last(path)) && kinds.get(path) === 'lfw'),
  );
  if (trainPath !== undefined && testPath !== undefined)
    found.push(
      pairCandidate(
        place,
        {
          format: 'lfw-view1',
          title: 'LFW, View 1: a threshold chosen on pairsDevTrain, tried on pairsDevTest',
          name: 'LFW View 1',
        },
        async () =>
          joinViews(
            readLfwPairs(await text(trainPath), { file: trainPath }),
            readLfwPairs(await text(testPath), { file: testPath }),
          ),
      ),
    );
  for (const [path, kind] of kinds) {
    if (groups.some((group) => group.path === path)) continue;
    const facts = named(path, kind);
    found.push(
      pairCandidate(place, { ...facts, format: `${facts.format}:${path}` }, async () =>
        readAs(kind, await text(path), path),
      ),
    );
  }
  return [...found, ...cfpCandidates(place), ...ageDbCandidates(place)];
}

/** Lists of pictures for training look like pairs of two lines: where there are several lists, the name decides. */
const saysPairs = (path: string): boolean => /pair|lfw/i.test(last(path)) && !/img|image/i.test(last(path));

/** Lists that belong to benchmarks of other kinds, or to a greater whole. */
function isKnownPart(path: string): boolean {
  return /(_noises\.txt|face_tid_mid\.txt|template_pair_label\.txt|5pts_score\.txt|_1N_.*\.csv|_11_.*\.csv|(verify|search)_.*\.csv|Pair_list_[FP]\.txt|(same|diff)\.txt)$/i.test(
    path,
  );
}

function readAs(kind: PairText, text: string, file: string): VerificationList {
  if (kind === 'lfw') return readLfwPairs(text, { file });
  return kind === 'two-lines' ? readTwoLinePairs(text, file) : readTablePairs(text, file);
}

/** What a list is called by its file's name. */
function named(
  path: string,
  kind: PairText,
): { readonly format: string; readonly title: string; readonly name: string } {
  const name = withoutEnding(path);
  if (kind === 'table') return { format: 'table', title: `A table of pairs, ${path}`, name };
  if (kind === 'two-lines') {
    const known = /c[ap]lfw|sllfw/i.exec(path)?.[0].toUpperCase();
    return known === undefined
      ? { format: 'two-lines', title: `Pairs of two lines, ${path}`, name }
      : { format: known.toLowerCase(), title: `${known}: ten folds`, name: known };
  }
  if (/^pairs_?dev_?(train|test)$/i.test(name))
    return { format: 'lfw-dev', title: `LFW, ${name} alone`, name: `LFW ${name}` };
  const plain = /^pairs(_?lfw)?$/i.test(name);
  return {
    format: 'lfw',
    title: plain ? 'LFW, View 2: ten folds' : `Pairs in LFW’s form, ${path}`,
    name: plain ? 'LFW' : name,
  };
}

function cfpCandidates(place: Place): Candidate[] {
  const { root, others } = place.lists;
  const frontal = others.find((path) => /(^|\/)Pair_list_F\.txt$/i.test(path));
  if (frontal === undefined) return [];
  const base = frontal.slice(0, frontal.length - last(frontal).length);
  const profile = others.find((path) => path.toLowerCase() === `${base}pair_list_p.txt`.toLowerCase());
  const text = async (path: string): Promise<{ readonly file: string; readonly text: string }> => ({
    file: path,
    text: await readText(join(root, path), path),
  });
  return (['FF', 'FP'] as const).map((kind) => {
    const splits = others
      .filter((path) => new RegExp(`Split/${kind}/\\d+/same\\.txt$`, 'i').test(path))
      .toSorted((one, other) => foldOf(one) - foldOf(other))
      .map((same) => ({
        same,
        different: same.replace(/same\.txt$/i, (found) => (found.startsWith('S') ? 'Diff.txt' : 'diff.txt')),
      }));
    const missing = [
      ...(splits.length === 0 ? [`the folds in ${base}Split/${kind}/01 and so on`] : []),
      ...splits.flatMap(({ different }) => (others.includes(different) ? [] : [different])),
      ...(kind === 'FP' && profile === undefined ? [`${base}Pair_list_P.txt`] : []),
    ];
    const title = `CFP-${kind}: frontal against ${kind === 'FF' ? 'frontal' : 'profile'}, ${splits.length} folds`;
    const facts = { format: `cfp-${kind.toLowerCase()}`, title, name: `CFP-${kind}`, missing };
    return pairCandidate(place, facts, async () =>
      readCfp(
        {
          frontal: await text(frontal),
          profile: profile === undefined ? null : await text(profile),
          folds: await Promise.all(
            splits.map(async ({ same, different }) => ({
              same: await text(same),
              different: await text(different),
            })),
          ),
        },
        kind,
      ),
    );
  });
}

const foldOf = (path: string): number => Number(/(\d+)\/[^/]*$/.exec(path)?.[1] ?? 0);

/** MATLAB files of AgeDB; others of that kind are none of ours, and say so when they are read. */
function ageDbCandidates(place: Place): Candidate[] {
  const { root, others } = place.lists;
  return others
    .filter((path) => /\.mat$/i.test(path) && (/protocol|agedb|years/i.test(path) || others.length < 4))
    .map((path) => {
      const years = /(\d+)_?years/i.exec(path)?.[1];
      const name = years === undefined ? withoutEnding(path) : `AgeDB-${years}`;
      const title = years === undefined ? `AgeDB’s protocol ${path}` : `AgeDB: pairs ${years} years apart`;
      return pairCandidate(place, { format: `agedb:${path}`, title, name }, async () => {
        const bytes = await readWhole(join(root, path), path, 2 ** 27);
        const inflate = (packed: Uint8Array, limit: number): Uint8Array =>
          inflateSync(packed, { maxOutputLength: limit });
        return readAgeDb(readMat(bytes, { file: path, inflate }), path);
      });
    });
}
