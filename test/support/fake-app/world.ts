import { error } from '../../../src/core/base/errors.ts';
import { type Random, seededRandom } from '../../../src/core/base/random.ts';
import type { Dataset, Photo, QueueReason } from '../../../src/core/contract/datasets.ts';
import type { Face } from '../../../src/core/contract/faces.ts';
import type { Job } from '../../../src/core/contract/jobs.ts';
import type { JournalEntry } from '../../../src/core/contract/people.ts';
import type { RunDetail } from '../../../src/core/contract/runs.ts';
import type { Version } from '../../../src/core/contract/versions.ts';
import { applyToPoints, invert } from '../../../src/core/faces/similarity.ts';
import { template112 } from '../../../src/core/faces/template.ts';
import type { Similarity } from '../../../src/core/faces/types.ts';

/** Like T, to be written to. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface Step {
  readonly entry: Mutable<JournalEntry>;
  undo(): void;
  redo(): void;
}

export interface WorldFace extends Mutable<Face> {
  /** Who it really is: what drawings and similarities follow. */
  readonly truth: number;
  /** Photograph → crop, as drawn. */
  readonly place: Similarity;
}

/** Everything the application in memory holds. */
export interface World {
  readonly datasets: Map<number, Mutable<Dataset>>;
  readonly photos: Map<number, Mutable<Photo>>;
  readonly photosOf: Map<number, number[]>;
  readonly faces: Map<number, WorldFace>;
  readonly facesOf: Map<number, number[]>;
  readonly people: Map<number, { id: number; name: string }>;
  readonly jobs: Map<number, Mutable<Job>>;
  readonly journal: Step[];
  readonly dismissed: Set<string>;
  readonly versions: Map<number, Mutable<Version>>;
  readonly runs: Map<number, Mutable<RunDetail>>;
  nextId: number;
}

const names = [
  'Ada', 'Bao', 'Chidi', 'Dana', 'Emre', 'Farah', 'Goro', 'Hana', 'Ines', 'Jun', 'Kofi', 'Lena', 'Mina', 'Noor',
  'Olu', 'Priya', 'Quim', 'Rosa', 'Sven', 'Tala', 'Uma', 'Vito', 'Wen', 'Xenia', 'Yara', 'Zoe',
]; // biome-ignore format: a list of words

export function known<T>(map: ReadonlyMap<number, T>, id: number, what: string): T {
  const value = map.get(id);
  if (value === undefined) throw error('app/internal', { detail: `there is no ${what} ${id}` });
  return value;
}

/** The version whose hash begins so. */
export function versionOf({ versions }: Pick<World, 'versions'>, hash: string): Mutable<Version> | undefined {
  return [...versions.values()].find((one) => one.hash.startsWith(hash));
}

export function emptyWorld(): World {
  return {
    datasets: new Map(),
    photos: new Map(),
    photosOf: new Map(),
    faces: new Map(),
    facesOf: new Map(),
    people: new Map(),
    jobs: new Map(),
    journal: [],
    dismissed: new Set(),
    versions: new Map(),
    runs: new Map(),
    nextId: 1,
  };
}

/** A world of that many faces, the same for the same seed: a big labelled dataset, group pictures, and a new one. */
export function seededWorld(faceCount: number, seed = 7): World {
  const world = emptyWorld();
  const random = seededRandom(seed);
  names.forEach((name, i) => {
    if (i < 8) world.people.set(i + 1, { id: i + 1, name });
  });
  world.nextId = 1000;
  const groups = Math.min(240, Math.ceil(faceCount / 8));
  addDataset(world, random, { name: 'Portraits', photos: faceCount - groups, each: 1, labelled: true });
  addDataset(world, random, {
    name: 'Group photographs',
    photos: Math.ceil(groups / 4),
    each: 4,
    labelled: false,
  });
  addDataset(world, random, { name: 'Ramón’s birthday (neu)', photos: 37, each: 0, labelled: false });
  return world;
}

interface Recipe {
  readonly name: string;
  readonly photos: number;
  /** Faces in a photograph, about; 0 for one that is not aligned yet. */
  readonly each: number;
  readonly labelled: boolean;
}

export function addDataset(world: World, random: Random, recipe: Recipe): number {
  const id = world.nextId++;
  const photoIds: number[] = [];
  world.photosOf.set(id, photoIds);
  world.datasets.set(id, {
    id,
    name: recipe.name,
    source: `/home/ada/Pictures/${recipe.name}`,
    createdAt: 1_790_000_000_000 + id * 60_000,
    photos: 0,
    problems: 0,
    pending: 0,
    faces: 0,
    embedded: 0,
    identities: recipe.labelled ? 26 : 0,
    removed: false,
  });
  for (let i = 0; i < recipe.photos; i++) photoIds.push(addPhoto(world, random, id, recipe, i));
  return id;
}

function addPhoto(world: World, random: Random, datasetId: number, recipe: Recipe, index: number): number {
  const id = world.nextId++;
  const truth = random.int(names.length);
  const broken = recipe.each === 0 ? index % 12 === 5 : index % 97 === 41;
  const several = recipe.each > 1;
  const width = several ? 1600 : 480;
  const height = several ? 1000 : 600;
  const count =
    broken || recipe.each === 0
      ? 0
      : several
        ? 2 + random.int(5)
        : index % 61 === 13
          ? 0
          : index % 53 === 7
            ? 2
            : 1;
  world.facesOf.set(id, []);
  for (let i = 0; i < count; i++) {
    addFace(world, random, {
      photoId: id,
      datasetId,
      file: '',
      truth: several || i > 0 ? random.int(names.length) : truth,
      centre: several
        ? [(width * (i + 0.8)) / (count + 0.6), height * (0.35 + 0.3 * random.next())]
        : [width * (0.5 + i * 0.3), height * 0.45],
      size: several ? 60 + 120 * random.next() : i > 0 ? 60 : 150 + 70 * random.next(),
    });
  }
  const faces = (world.facesOf.get(id) ?? []).map((face) => world.faces.get(face));
  const queue: QueueReason[] = [];
  if (!broken && recipe.each > 0) {
    if (count === 0) queue.push('none');
    if (!several && count > 1) queue.push('several');
    if (faces.some((face) => face && face.quality.sharpness < 0.15)) queue.push('blurred');
    if (faces.some((face) => face && face.box.width < 70)) queue.push('tiny');
  }
  const key = `${recipe.labelled ? `${names[truth]}/` : ''}${recipe.labelled ? names[truth] : 'IMG'}_${String(index).padStart(4, '0')}.jpg`;
  for (const face of faces) if (face) face.file = key;
  world.photos.set(id, {
    id,
    datasetId,
    key,
    label: recipe.labelled ? (names[truth] ?? null) : null,
    width,
    height,
    bytes: 40_000 + random.int(3_000_000),
    problem: broken
      ? {
          code: 'images/truncated',
          message: `${key} ends in the middle of the picture.`,
          hint: 'Copy the file again from where it came.',
          values: { file: key },
        }
      : null,
    alignment: recipe.each === 0 ? 'pending' : 'aligned',
    queue,
    reviewed: false,
    faces: count,
    hash: broken ? null : `p${id}`,
  });
  return id;
}

interface NewFace {
  readonly photoId: number;
  readonly datasetId: number;
  readonly file: string;
  readonly truth: number;
  readonly centre: readonly [number, number];
  /** Side of the crop in the photograph, pixels. */
  readonly size: number;
}

export function addFace(world: World, random: Random, { centre, size, truth, ...rest }: NewFace): number {
  const id = world.nextId++;
  const turn = random.normal() * 0.14;
  const scale = size / 112;
  const back: Similarity = {
    a: scale * Math.cos(turn),
    b: scale * Math.sin(turn),
    tx: centre[0] - 56 * scale * (Math.cos(turn) - Math.sin(turn)),
    ty: centre[1] - 62 * scale * (Math.cos(turn) + Math.sin(turn)),
    reflect: false,
  };
  const named = truth < 8 && random.next() < 0.6;
  const overall = Math.max(0.02, Math.min(1, 0.7 + random.normal() * 0.2));
  world.faces.set(id, {
    ...rest,
    id,
    truth,
    place: invert(back),
    box: {
      x: Math.round(centre[0] - size * 0.42),
      y: Math.round(centre[1] - size * 0.5),
      width: Math.round(size * 0.84),
      height: Math.round(size * 1.02),
    },
    score: 0.9 + 0.1 * random.next(),
    points: applyToPoints(back, template112).map((value) => value + random.normal() * 0.01 * size),
    solver: 'umeyama',
    edited: false,
    state: 'kept',
    quality: {
      overall,
      sharpness: Math.max(0, Math.min(1, overall + random.normal() * 0.15)),
      brightness: 0.3 + 0.5 * random.next(),
      yaw: random.normal() * 18,
      pitch: random.normal() * 9,
      roll: (turn * 180) / Math.PI,
    },
    crop: `f${id}`,
    cropSize: 112,
    personId: named ? truth + 1 : null,
    person: named ? (names[truth] ?? null) : null,
    named: named ? 'user' : null,
    // Faces of one person fall into a few clusters.
    clusterId: random.next() < 0.9 ? 1 + truth * 4 + Math.floor(random.next() ** 3 * 4) : null,
  });
  world.facesOf.get(rest.photoId)?.push(id);
  return id;
}

/** Deterministic in 0..1 for a pair of numbers. */
export function pairNoise(a: number, b: number): number {
  return seededRandom(a * 65_537 + b).next();
}

export function similarityOf(a: WorldFace, b: WorldFace): number {
  if (a.id === b.id) return 1;
  const noise = pairNoise(Math.min(a.id, b.id), Math.max(a.id, b.id));
  return a.truth === b.truth ? 0.35 + 0.5 * noise : -0.15 + 0.4 * noise;
}
