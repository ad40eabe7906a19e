import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type IdPairs, readIjbMeta, readIjbTables } from '../../core/benchmarks/ijb.ts';
import { megafaceList, readMegafaceJson, readNoiseList } from '../../core/benchmarks/megaface.ts';
import { numberRows } from '../../core/benchmarks/number-rows.ts';
import type { BenchmarkList } from '../../core/benchmarks/types.ts';
import { folderPictures } from './folder-pictures.ts';
import type { Place } from './pair-lists.ts';
import { cannotRead, readText } from './read-file.ts';
import type { Candidate } from './reading.ts';

/** MegaFace and IJB: several lists that belong together. */
export function setCandidates(place: Place): Candidate[] {
  return [...megafaceCandidates(place), ...ijbMetaCandidates(place), ...ijbTableCandidates(place)];
}

interface NamedText {
  readonly file: string;
  readonly text: string;
}

const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function candidate(
  place: Place,
  facts: {
    readonly format: string;
    readonly title: string;
    readonly name: string;
    readonly missing: readonly string[];
  },
  read: () => Promise<BenchmarkList>,
): Candidate {
  const load = async (): ReturnType<Candidate['load']> => {
    const list = await read();
    return { list, pictures: folderPictures(place.pictures, list.images) };
  };
  return { ...facts, load };
}

function megafaceCandidates(place: Place): Candidate[] {
  const { root, others } = place.lists;
  const find = (pattern: RegExp): string | undefined => others.find((path) => pattern.test(last(path)));
  const probes = find(/^facescrub_(features_|uncropped_features_)?list\.json$/i);
  const sets = others.filter((path) => /^megaface_(features_)?list\.json(_\d+_\d+)?$/i.test(last(path)));
  if (probes === undefined && sets.length === 0) return [];
  const [probeNoise, distractorNoise] = [find(/^facescrub_noises\.txt$/i), find(/^megaface_noises\.txt$/i)];
  const text = (path: string): Promise<string> => readText(join(root, path), path);
  const noise = async (path: string | undefined): Promise<readonly string[]> =>
    path === undefined ? [] : readNoiseList(await text(path), path);
  // FaceX-Zoo crops into facescrub_crop, megaface_crop and masked_facescrub_crop; MegaFace unpacks to facescrub_images and the like
  const folders = new Set(place.pictures.pictures.flatMap((path) => path.split('/').slice(0, -1)));
  const folder = (pattern: RegExp, not = /^$/): string =>
    [...folders].find((name) => pattern.test(name) && !not.test(name)) ?? '';
  const masked = folder(/mask.*facescrub|facescrub.*mask/i);
  const listed = sets.length > 0 ? sets : [null];
  return listed.flatMap((set) =>
    (masked === '' ? [null] : [null, masked]).map((maskedFolder) => {
      const size = /json_(\d+)_/.exec(set ?? '')?.[1];
      const title = `MegaFace${maskedFolder === null ? '' : '-Mask'}${size === undefined ? '' : ` with ${size} distractors`}: FaceScrub’s people among strangers`;
      const missing = [
        ...(probes === undefined ? ['the probes’ list, facescrub_features_list.json'] : []),
        ...(set === null ? ['the distractors’ list, megaface_features_list.json_1000000_1'] : []),
      ];
      const kind = maskedFolder === null ? 'megaface' : 'megaface-mask';
      const format = sets.length > 1 ? `${kind}:${set}` : kind;
      const name = maskedFolder === null ? 'MegaFace' : 'MegaFace-Mask';
      return candidate(place, { format, title, name, missing }, async () =>
        megafaceList({
          probes: readMegafaceJson(await text(probes ?? ''), probes ?? ''),
          distractors: readMegafaceJson(await text(set ?? ''), set ?? ''),
          probeNoise: await noise(probeNoise),
          distractorNoise: await noise(distractorNoise),
          folders: {
            probes: folder(/facescrub/i, /mask/i),
            distractors: folder(/megaface/i),
            masked: maskedFolder,
          },
        }),
      );
    }),
  );
}

/** Pairs of numbers, read piece by piece: they may be hundreds of megabytes. */
async function idPairs(root: string, file: string): Promise<IdPairs> {
  const rows = numberRows(file, [2, 3]);
  try {
    for await (const chunk of createReadStream(join(root, file), { highWaterMark: 1 << 20 }))
      rows.push(chunk as Uint8Array);
  } catch (thrown) {
    throw thrown instanceof Error && 'syscall' in thrown ? cannotRead(file, thrown) : thrown;
  }
  return { file, ...rows.finish() };
}

/** One candidate for every `ijbX_face_tid_mid.txt`. */
function ijbMetaCandidates(place: Place): Candidate[] {
  const { root, others } = place.lists;
  return others
    .filter((path) => /face_tid_mid\.txt$/i.test(path))
    .map((members) => {
      const start = members.slice(0, members.length - 'face_tid_mid.txt'.length);
      const beside = (pattern: RegExp): string[] =>
        others.filter(
          (path) =>
            path.toLowerCase().startsWith(start.toLowerCase()) && pattern.test(path.slice(start.length)),
        );
      const [pairs, points] = [
        beside(/^template_pair_label\.txt$/i)[0],
        beside(/^name_5pts_score\.txt$/i)[0],
      ];
      const galleries = beside(/^1N_gallery_[GS]\d\.csv$/i);
      const probes = beside(/^1N_probe_mixed\.csv$/i)[0];
      const text = async (file: string): Promise<NamedText> => ({
        file,
        text: await readText(join(root, file), file),
      });
      const kind = /ijb[-_]?([abc])/i.exec(members)?.[1]?.toUpperCase() ?? '';
      const name = `IJB${kind === '' ? '' : `-${kind}`}`;
      const parts = [...(pairs === undefined ? [] : ['1:1']), ...(galleries.length === 0 ? [] : ['1:N'])];
      const missing =
        parts.length === 0 ? [`${start}template_pair_label.txt, or galleries and probes for 1:N`] : [];
      const title = `${name}: templates, ${parts.join(' and ') || 'no protocol'}${points === undefined ? ', without detector’s scores' : ''}`;
      return candidate(place, { format: `ijb:${members}`, title, name, missing }, async () =>
        readIjbMeta({
          members: await text(members),
          points: points === undefined ? null : await text(points),
          pairs: pairs === undefined ? null : await idPairs(root, pairs),
          galleries: await Promise.all(
            galleries.map(async (path) => ({ ...(await text(path)), name: galleryName(path) })),
          ),
          probes: probes === undefined || galleries.length === 0 ? null : await text(probes),
        }),
      );
    });
}

const galleryName = (path: string): string => /([GS]\d)\.csv$/i.exec(path)?.[1]?.toUpperCase() ?? last(path);

/** NIST's tables: IJB-B and -C in one folder, IJB-A in ten splits. */
function ijbTableCandidates(place: Place): Candidate[] {
  const { root, others } = place.lists;
  const text = async (file: string): Promise<NamedText> => ({
    file,
    text: await readText(join(root, file), file),
  });
  const found: Candidate[] = [];
  const add = (
    facts: { readonly format: string; readonly title: string; readonly name: string },
    files: {
      readonly galleries: readonly string[];
      readonly probes: string | undefined;
      readonly others: readonly string[];
      readonly pairs: string | undefined;
    },
  ): void => {
    found.push(
      candidate(place, { ...facts, missing: [] }, async () =>
        readIjbTables({
          galleries: await Promise.all(
            files.galleries.map(async (path) => ({ ...(await text(path)), name: galleryName(path) })),
          ),
          probes: files.probes === undefined ? null : await text(files.probes),
          others: await Promise.all(files.others.map(text)),
          pairs: files.pairs === undefined ? null : await idPairs(root, files.pairs),
        }),
      ),
    );
  };
  const hasMeta = others.some((path) => /face_tid_mid\.txt$/i.test(path));
  const galleries = others.filter((path) => /_1N_gallery_[GS]\d\.csv$/i.test(path));
  const [firstGallery] = galleries;
  if (!hasMeta && firstGallery !== undefined) {
    const pairs = others.find((path) => /_11_[GS]\d_[GS]\d_matches\.csv$/i.test(path));
    const probes = others.find((path) => /_1N_probe_mixed\.csv$/i.test(path));
    const kind = /ijb[-_]?([abc])/i.exec(last(firstGallery))?.[1]?.toUpperCase() ?? '';
    const name = `IJB${kind === '' ? '' : `-${kind}`}`;
    const title = `${name}, NIST’s tables: ${[...(pairs === undefined ? [] : ['1:1']), ...(probes === undefined ? [] : ['1:N'])].join(' and ')}`;
    add({ format: 'ijb-tables', title, name }, { galleries, probes, others: [], pairs });
  }
  for (const pairs of others.filter((path) => /verify_comparisons_\d+\.csv$/i.test(path))) {
    const metadata = pairs.replace(/comparisons_(\d+\.csv)$/i, 'metadata_$1');
    const split = /_(\d+)\.csv$/.exec(pairs)?.[1] ?? '';
    if (others.includes(metadata))
      add(
        { format: `ijba-11:${pairs}`, title: `IJB-A, 1:1, split ${split}`, name: `IJB-A 1:1 split ${split}` },
        { galleries: [], probes: undefined, others: [metadata], pairs },
      );
  }
  for (const gallery of others.filter((path) => /search_gallery_\d+\.csv$/i.test(path))) {
    const probes = gallery.replace(/gallery_(\d+\.csv)$/i, 'probe_$1');
    const split = /_(\d+)\.csv$/.exec(gallery)?.[1] ?? '';
    if (others.includes(probes))
      add(
        {
          format: `ijba-1n:${gallery}`,
          title: `IJB-A, 1:N, split ${split}`,
          name: `IJB-A 1:N split ${split}`,
        },
        { galleries: [gallery], probes, others: [], pairs: undefined },
      );
  }
  return found;
}
