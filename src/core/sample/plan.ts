import { assert } from '../base/assert.ts';
import { mixSeeds, type Random, seededRandom, shuffle } from '../base/random.ts';
import { groupFrames } from '../people/group.ts';
import { lookAlikes } from '../people/likeness.ts';
import { person } from '../people/person.ts';
import { drawName } from './names.ts';
import type {
  PlannedFace,
  PlannedPicture,
  SampleDefect,
  SamplePerson,
  SamplePlan,
  SampleRole,
  SampleSettings,
} from './types.ts';

/** Folders below the sample's own. */
export const photographsFolder = 'photographs';
export const trainingFolder = 'training';
export const examFolder = 'exam';

/** Sides of crops for training, pixels. */
export const cropSide = 112;

/** Portraits' widths and heights as shares of a square one's side, by how often they come. */
const formats = [
  [1, 1],
  [1, 1],
  [8 / 9, 10 / 9],
  [10 / 9, 8 / 9],
] as const;
const usualSide = 360;
const groupFormat = [16 / 9, 10 / 9] as const;
const jpegQuality = 90;
const copyQuality = 55;

/** What seeds are mixed with, so that people, shots and choices have nothing to do with each other. */
const stream = { photographed: 1, training: 2, shot: 3, choice: 4, names: 5, group: 6, exam: 7 } as const;

function people(settings: SampleSettings): SamplePerson[] {
  const { seed, identities, training, defects } = settings;
  const random = seededRandom(mixSeeds(seed, stream.names));
  const taken = new Set<string>();
  const seeds = new Set<number>();
  const named = (identity: number, role: SampleRole, count: number): SamplePerson => {
    const { masculinity } = person(identity);
    const names = Array.from({ length: count }, () => drawName(random, masculinity, taken));
    return { identity, names, role };
  };
  const some = (count: number, role: 'photographed' | 'training', twins: number): SamplePerson[] =>
    Array.from({ length: count }, (_, i) => {
      let identity = mixSeeds(seed, stream[role], i);
      while (seeds.has(identity)) identity = mixSeeds(identity, stream[role]);
      seeds.add(identity);
      return named(identity, role, i < twins ? 2 : 1);
    });
  const others = [
    ...some(identities, 'photographed', defects.twins),
    ...some(training.identities, 'training', 0),
  ];
  const alike = lookAlikes(mixSeeds(seed, stream.exam), training.exam, seeds);
  return [...others, ...alike.map((identity) => named(identity, 'exam', 1))];
}

interface Draft {
  readonly who: SamplePerson;
  readonly name: string;
  readonly face: PlannedFace;
  readonly format: readonly [number, number];
}

function draftPortraits(settings: SampleSettings, photographed: readonly SamplePerson[]): Draft[] {
  const { seed, picturesEach } = settings;
  const random = seededRandom(mixSeeds(seed, stream.choice));
  return photographed.flatMap((who, p) =>
    Array.from({ length: picturesEach }, (_, k): Draft => {
      // of two folders the second has every other picture
      const name = who.names[k % who.names.length] ?? '';
      const shot = mixSeeds(seed, stream.shot, p, k);
      const format = formats[random.int(formats.length)] ?? formats[0];
      return { who, name, face: { identity: who.identity, shot, masked: false, frame: null }, format };
    }),
  );
}

function sized([x, y]: readonly [number, number], side: number): readonly [number, number] {
  return [Math.round(x * side), Math.round(y * side)];
}

/** File names: the folder's name and a number, as people save them. */
function numbering(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${photographsFolder}/${name}/${name} ${String(count).padStart(2, '0')}.jpg`;
  };
}

function portraits(settings: SampleSettings, photographed: readonly SamplePerson[]): PlannedPicture[][] {
  const { defects, seed } = settings;
  const drafts = draftPortraits(settings, photographed);
  const random = seededRandom(mixSeeds(seed, stream.choice, 1));
  const order = shuffle([...drafts.keys()], random);
  const draw = (count: number): Set<number> => new Set(order.splice(0, count));
  const wrong = draw(defects.wrongLabels);
  const broken = draw(defects.broken);
  const masked = draw(defects.masks);
  const copied = draw(defects.duplicates);
  const next = numbering();
  const parts = new Map<number, PlannedPicture[]>();
  const add = (draft: Draft, picture: PlannedPicture): PlannedPicture => {
    const part = parts.get(draft.who.identity) ?? [];
    parts.set(draft.who.identity, part);
    part.push(picture);
    return picture;
  };
  let copies = 0;
  drafts.forEach((draft, i) => {
    const [width, height] = sized(draft.format, settings.side ?? usualSide);
    const { label, defect } = fault(draft, wrong.has(i), broken.has(i), photographed, random);
    const picture = add(draft, {
      ...{ path: next(label), kind: 'portrait', label, width, height, quality: jpegQuality, defect },
      faces: [{ ...draft.face, masked: masked.has(i) }],
    });
    if (!copied.has(i)) return;
    const exact = copies++ % 2 === 0;
    add(draft, {
      ...picture,
      path: next(label),
      quality: exact ? picture.quality : copyQuality,
      defect: { kind: 'duplicate', of: picture.path, exact },
    });
  });
  return [...parts.values()];
}

function fault(
  draft: Draft,
  wrong: boolean,
  broken: boolean,
  photographed: readonly SamplePerson[],
  random: Random,
): { readonly label: string; readonly defect: SampleDefect | null } {
  if (broken) {
    const kept = Math.round(100 * (0.2 + 0.5 * random.next())) / 100;
    return { label: draft.name, defect: { kind: 'broken', kept } };
  }
  if (!wrong) return { label: draft.name, defect: null };
  const others = photographed.filter(({ identity }) => identity !== draft.who.identity);
  const label = others[random.int(others.length)]?.names[0] ?? draft.name;
  return { label, defect: { kind: 'wrong-label', name: draft.name } };
}

function groups(settings: SampleSettings, photographed: readonly SamplePerson[]): PlannedPicture[][] {
  const { seed } = settings;
  return Array.from({ length: settings.groups }, (_, g) => {
    const random = seededRandom(mixSeeds(seed, stream.group, g));
    const count = Math.min(photographed.length, 2 + random.int(4));
    const [width, height] = sized(groupFormat, settings.side ?? usualSide);
    const members = shuffle([...photographed.keys()], random).slice(0, count);
    const frames = groupFrames(count, width / height);
    const faces = members.flatMap((p, i): PlannedFace[] => {
      const who = photographed[p];
      const frame = frames[i] ?? null;
      if (!who) return [];
      return [{ identity: who.identity, shot: mixSeeds(seed, stream.group, g, i), masked: false, frame }];
    });
    const path = `${photographsFolder}/Together ${String(g + 1).padStart(2, '0')}.jpg`;
    return [{ path, kind: 'group', label: null, width, height, quality: jpegQuality, faces, defect: null }];
  });
}

function crops(
  { seed, training }: SampleSettings,
  folder: string,
  people: readonly SamplePerson[],
): PlannedPicture[][] {
  const kind = folder === trainingFolder ? stream.training : stream.exam;
  return people.map((who, p) =>
    Array.from({ length: training.cropsEach }, (_, k): PlannedPicture => {
      const label = who.names[0] ?? '';
      const shot = mixSeeds(seed, stream.shot, kind, p, k);
      return {
        path: `${folder}/${label}/${String(k + 1).padStart(3, '0')}.png`,
        ...{ kind: 'crop', label, width: cropSide, height: cropSide, quality: 100, defect: null },
        faces: [{ identity: who.identity, shot, masked: false, frame: null }],
      };
    }),
  );
}

/** What a sample consists of: the same settings give the same plan. */
export function planSample(settings: SampleSettings): SamplePlan {
  const { identities, picturesEach, defects } = settings;
  const { wrongLabels, duplicates, broken, masks, twins } = defects;
  assert(
    wrongLabels + duplicates + broken + masks <= identities * picturesEach,
    'a portrait for every defect',
  );
  assert(twins <= identities && (twins === 0 || picturesEach >= 2), 'two portraits for each of two folders');
  assert(wrongLabels === 0 || identities >= 2, 'somebody else to be taken for');
  const all = people(settings);
  const having = (wanted: SampleRole): SamplePerson[] => all.filter(({ role }) => role === wanted);
  const photographed = having('photographed');
  const parts = [
    ...portraits(settings, photographed),
    ...groups(settings, photographed),
    ...crops(settings, trainingFolder, having('training')),
    ...crops(settings, examFolder, having('exam')),
  ];
  return { settings, people: all, parts: parts.filter((part) => part.length > 0) };
}
