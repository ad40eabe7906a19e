import { createHash } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import { openPack, type Pack, type PackEnd, type PackLocation, packPath } from '../datasets/pack.ts';
import { openVectors, type Vectors } from '../datasets/vectors.ts';
import type { Store, Writer } from '../store/database.ts';
import { mirroredModel } from '../store/embeddings.ts';
import {
  addBlob,
  addEmbeddings,
  committedRows,
  findBlob,
  forgetModelRows,
  type PackName,
  packEnd,
  setPackEnd,
  vectorModels,
} from '../store/files.ts';
import { blobPlaces } from '../store/orphans.ts';

/** Blobs that are appended together; they count once `commit` has noted them in the database. */
export interface Batch {
  /** Appends the bytes, unless they are there; returns their SHA-256, hexadecimal. */
  add(pack: PackName, bytes: Uint8Array, hash?: string): Promise<string>;
  /** Waits until everything is on the disk, then calls `work` in a transaction that notes the blobs too. */
  commit<T>(work: (writer: Writer) => T): Promise<T>;
}

/** The data folder's append-only files: pictures by content hash, embeddings by model. */
export interface Library {
  /** The folder of the packs. */
  readonly packsDir: string;
  batch(): Batch;
  /** Null where it is not kept. Errors: pack/damaged. */
  read(pack: PackName, hash: string): Promise<Uint8Array | null>;
  locate(pack: PackName, hash: string): PackLocation | null;
  /** Appends embeddings [crops, width] in the order of `crops` and notes them; `modelHash` is of the model's file. */
  addVectors(
    model: string,
    width: number,
    crops: readonly string[],
    values: Float32Array,
    modelHash?: string,
  ): Promise<void>;
  /** The embeddings of a model: their file, [rows, width]. */
  vectors(model: string, width: number): Promise<Vectors>;
  vectorsPath(model: string): string;
  /** Overwrites blobs with zeros on the disk. The caller forgets them in the database. */
  zero(pack: PackName, places: readonly PackLocation[]): Promise<void>;
  /** Overwrites what lies between the blobs that are known: left by work that was broken off. */
  zeroGaps(pack: PackName): Promise<void>;
  /** Overwrites rows of a model's embeddings. */
  zeroRows(model: string, width: number, rows: readonly number[]): Promise<void>;
  /**
   * Deletes the embeddings of a model that is there no more, with the mirrored crop's and without: another of its name would
   * be taken for it.
   */
  forgetVectors(model: string): Promise<void>;
  close(): Promise<void>;
}

export const packNames: readonly PackName[] = ['crops', 'thumbnails', 'originals'];

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A blob that was appended; until it is committed nobody else knows of it. */
interface NewBlob {
  readonly pack: PackName;
  readonly hash: string;
  readonly place: PackLocation;
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

const zeros = new Uint8Array(2 ** 20);

async function overwrite(path: string, ranges: readonly Range[]): Promise<void> {
  if (ranges.length === 0) return;
  const handle = await open(path, 'r+');
  try {
    for (const { offset, length } of ranges) {
      for (let done = 0; done < length; ) {
        const count = Math.min(zeros.length, length - done);
        done += (await handle.write(zeros, 0, count, offset + done)).bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What of the first `size` bytes no range covers; the ranges come in order. */
function gapsOf(ranges: readonly Range[], size: number): Range[] {
  const gaps: Range[] = [];
  let at = 0;
  for (const { offset, length } of [...ranges, { offset: size, length: 0 }]) {
    if (offset > at) gaps.push({ offset: at, length: offset - at });
    at = Math.max(at, offset + length);
  }
  return gaps;
}

/** Opens the data folder's files and cuts off what a crash left behind. Errors: pack/damaged, pack/write-failed. */
export async function openLibrary(dataDir: string, store: Store): Promise<Library> {
  const packsDir = join(dataDir, 'packs');
  const packs = new Map<PackName, Pack>();
  for (const name of packNames) {
    packs.set(name, await openPack(packsDir, { name, committed: packEnd(store, name) }));
  }
  const pack = (name: PackName): Pack => {
    const found = packs.get(name);
    if (found === undefined) throw new Error(`assertion failed: no pack ${name}`);
    return found;
  };
  const vectorsPath = (model: string): string => join(dataDir, 'vectors', `${model}.f32`);
  const opened = new Map<string, Promise<Vectors>>();
  const vectors = (model: string, width: number): Promise<Vectors> => {
    const known = opened.get(model);
    if (known !== undefined) return known;
    const recorded = vectorModels(store).find((file) => file.model === model)?.size ?? width;
    if (recorded !== width) {
      return Promise.reject(error('vectors/other-width', { model, recorded, width }));
    }
    const opening = openVectors(vectorsPath(model), width, committedRows(store, model));
    opened.set(model, opening);
    opening.catch(() => opened.delete(model));
    return opening;
  };

  const uncommitted = new Set<NewBlob>();
  let vectorTurn: Promise<unknown> = Promise.resolve();
  const batch = (): Batch => {
    const added = new Map<string, NewBlob>();
    return {
      add: async (name, bytes, known) => {
        const hash = known ?? sha256(bytes);
        const key = `${name}/${hash}`;
        if (!added.has(key) && findBlob(store, name, hash) === null) {
          const blob = { pack: name, hash, place: await pack(name).append(bytes) };
          added.set(key, blob);
          uncommitted.add(blob);
        }
        return hash;
      },
      commit: async (work) => {
        const ends = new Map<PackName, PackEnd>();
        for (const name of new Set([...added.values()].map((blob) => blob.pack))) {
          ends.set(name, await pack(name).flush());
        }
        const result = store.write((writer) => {
          for (const blob of added.values()) addBlob(writer, blob.pack, blob.hash, blob.place);
          for (const [name, end] of ends) setPackEnd(writer, name, end);
          return work(writer);
        });
        for (const blob of added.values()) uncommitted.delete(blob);
        return result;
      },
    };
  };
  return {
    packsDir,
    batch,
    read: async (name, hash) => {
      const place = findBlob(store, name, hash);
      return place === null ? null : await pack(name).read(place);
    },
    locate: (name, hash) => findBlob(store, name, hash),
    addVectors: (model, width, crops, values, modelHash) => {
      // One at a time: what is counted as committed never has rows in it that nobody noted.
      const adding = vectorTurn.then(async () => {
        const file = await vectors(model, width);
        const first = await file.append(values);
        const rows = await file.flush();
        store.write((writer) => addEmbeddings(writer, model, width, { first, rows }, crops, modelHash));
      });
      vectorTurn = adding.catch(() => {});
      return adding;
    },
    vectors,
    vectorsPath,
    zeroGaps: async (name) => {
      const end = await pack(name).flush();
      const pending = [...uncommitted].filter((blob) => blob.pack === name).map(({ place }) => place);
      const known = [...blobPlaces(store, name), ...pending].sort((a, b) => a.offset - b.offset);
      const places = Map.groupBy(known, (place) => place.file);
      for (let file = 0; file <= end.file; file++) {
        const path = packPath(packsDir, name, file);
        const size = file === end.file ? end.offset : (await stat(path)).size;
        await overwrite(path, gapsOf(places.get(file) ?? [], size));
      }
    },
    forgetVectors: async (id) => {
      for (const model of [id, mirroredModel(id)]) {
        await (await opened.get(model))?.close();
        opened.delete(model);
        store.write((writer) => forgetModelRows(writer, model));
        await rm(vectorsPath(model), { force: true });
      }
    },
    zero: async (name, places) => {
      for (const [file, ranges] of Map.groupBy(places, (place) => place.file)) {
        await overwrite(packPath(packsDir, name, file), ranges);
      }
    },
    zeroRows: async (model, width, rows) => {
      const length = width * 4;
      const ranges = rows.map((row) => ({ offset: row * length, length }));
      await overwrite(vectorsPath(model), ranges);
    },
    close: async () => {
      await vectorTurn;
      for (const open of packs.values()) await open.close();
      for (const result of await Promise.allSettled(opened.values()))
        if (result.status === 'fulfilled') await result.value.close();
    },
  };
}
