/** Tiny folders in the forms of MegaFace, IJB, RFW and LFW's View 1, of twelve people with four pictures each. */

/** The nth picture of somebody; of strangers, who are nobody's: −1. */
export type PictureOf = (who: number, n: number) => Uint8Array;
type Files = Readonly<Record<string, Uint8Array>>;

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const nameOf = (who: number): string => `Somebody ${String.fromCharCode(65 + who)}`;
const text = (lines: readonly string[]): Uint8Array => Buffer.from(`${lines.join('\n')}\n`);
const everybody = range(12).flatMap((who) => range(4).map((n) => [who, n] as const));

export const strangers = 20;
/** Two of each person. The second of the third shows somebody else, and these strangers one of the twelve. */
export const megafaceProbes = range(12).flatMap((who) => [[who, 0] as const, [who, 1] as const]);
export const noisyProbe = [2, 1] as const;
export const noisyStrangers: readonly number[] = [3, 8];

export function megafaceFiles(file: PictureOf): Files {
  const path = (who: number, n: number): string => `${nameOf(who)}/${nameOf(who)}_${n + 1}.png`;
  const list = {
    path: megafaceProbes.map(([who, n]) => path(who, n)),
    id: megafaceProbes.map(([who]) => nameOf(who)),
  };
  const far = range(strangers).map((n) => `${100 + n}/7${n}@N00/${n}_0.png`);
  return {
    'facescrub_features_list.json': Buffer.from(JSON.stringify(list)),
    'megaface_features_list.json_20_1': Buffer.from(JSON.stringify({ path: far })),
    'facescrub_noises.txt': text(['# shows somebody else', 'Somebody_C_2']),
    'megaface_noises.txt': text(noisyStrangers.map((n, i) => `${i + 1}\t${far[n]}`)),
    ...Object.fromEntries(far.map((key, n) => [`megaface_crop/${key}`, file(-1, n)])),
    ...Object.fromEntries(
      megafaceProbes.flatMap(([who, n]) => [
        [`facescrub_crop/${path(who, n)}`, file(who, n)],
        [`masked_facescrub_crop/${path(who, n)}`, file(who, n + 2)],
      ]),
    ),
  };
}

/** A template is of one picture in a gallery; among the probes of two, from one medium or from two, or of one. */
export const galleryTemplates = range(12).map((who) => ({ id: 100 + who, who, of: [0], media: [1] }));
export const probeTemplates = range(12).flatMap((who) => [
  { id: 200 + who, who, of: [1, 2], media: who % 2 === 0 ? [1, 2] : [3, 3] },
  { id: 300 + who, who, of: [3], media: [4] },
]);
export const templateCouples = galleryTemplates.flatMap((one) =>
  probeTemplates.map((other) => [one, other] as const),
);
/** How sure the detector was of a picture. */
export const detectorScore = (who: number, n: number): number => 0.5 + ((who * 4 + n) % 10) / 20;

export function ijbFiles(file: PictureOf): Files {
  const key = (who: number, n: number): string => `${who * 4 + n + 1}.png`;
  const csv = (some: typeof galleryTemplates): Uint8Array =>
    text(['TEMPLATE_ID,SUBJECT_ID', ...some.map(({ id, who }) => `${id},${who + 1}`)]);
  const points = '38.3 51.7 73.5 51.5 56.0 71.7 41.5 92.4 70.7 92.2';
  return {
    'meta/ijbc_face_tid_mid.txt': text(
      [...galleryTemplates, ...probeTemplates].flatMap(({ id, who, of, media }) =>
        of.map((n, i) => `${key(who, n)} ${id} ${media[i]}`),
      ),
    ),
    'meta/ijbc_template_pair_label.txt': text(
      templateCouples.map(([a, b]) => `${a.id} ${b.id} ${a.who === b.who ? 1 : 0}`),
    ),
    'meta/ijbc_name_5pts_score.txt': text(
      everybody.map(([who, n]) => `${key(who, n)} ${points} ${detectorScore(who, n)}`),
    ),
    'meta/ijbc_1N_gallery_G1.csv': csv(galleryTemplates.slice(0, 6)),
    'meta/ijbc_1N_gallery_G2.csv': csv(galleryTemplates.slice(6)),
    'meta/ijbc_1N_probe_mixed.csv': csv(probeTemplates),
    ...Object.fromEntries(everybody.map(([who, n]) => [`loose_crop/${key(who, n)}`, file(who, n)])),
  };
}

export type LaidPair = readonly [readonly [who: number, n: number], readonly [who: number, n: number]];

const line = (name: (who: number) => string, [[a, i], [b, j]]: LaidPair): string =>
  a === b ? `${name(a)}\t${i + 1}\t${j + 1}` : `${name(a)}\t${i + 1}\t${name(b)}\t${j + 1}`;

export const rfwGroups = ['African', 'Asian', 'Caucasian', 'Indian'] as const;
/** Of each group: three people, ten folds of a pair of each kind. */
export const rfwPairs = rfwGroups.map((_, group): readonly LaidPair[] =>
  range(10).flatMap((fold): LaidPair[] => {
    const [who, other] = [3 * group + (fold % 3), 3 * group + ((fold + 1) % 3)];
    const first = [who, fold % 4] as const;
    return [
      [first, [who, (fold + 1 + (fold >> 2)) % 4]],
      [first, [other, (fold >> 1) % 4]],
    ];
  }),
);

export function rfwFiles(file: PictureOf): Files {
  return Object.fromEntries([
    ...rfwGroups.map((name, group) => [
      `txts/${name}/${name}_pairs.txt`,
      text((rfwPairs[group] ?? []).map((pair) => line((who) => `m.${who}`, pair))),
    ]),
    ...everybody.map(([who, n]) => [
      `data/${rfwGroups[Math.floor(who / 3)]}/m.${who}/m.${who}_000${n + 1}.png`,
      file(who, n),
    ]),
  ]);
}

const viewPairs = (from: number, n: number): readonly LaidPair[] => [
  ...range(n).map(
    (i): LaidPair => [
      [from + (i % 6), i % 4],
      [from + (i % 6), (i + 1 + (i >> 2)) % 4],
    ],
  ),
  ...range(n).map(
    (i): LaidPair => [
      [from + (i % 6), i % 4],
      [from + ((i + 1) % 6), (i >> 1) % 4],
    ],
  ),
];
/** Pairs to choose a threshold on, and of six others to try it on. */
export const viewOne = { training: viewPairs(0, 14), testing: viewPairs(6, 9) };

export function viewOneFiles(file: PictureOf): Files {
  const name = (who: number): string => nameOf(who).replace(' ', '_');
  const list = (pairs: readonly LaidPair[]): Uint8Array =>
    text([String(pairs.length / 2), ...pairs.map((pair) => line(name, pair))]);
  return {
    'pairsDevTrain.txt': list(viewOne.training),
    'pairsDevTest.txt': list(viewOne.testing),
    ...Object.fromEntries(
      everybody.map(([who, n]) => [`lfw/${name(who)}/${name(who)}_000${n + 1}.png`, file(who, n)]),
    ),
  };
}
