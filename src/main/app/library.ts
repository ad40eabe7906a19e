import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openPack, type Pack, type PackEnd, type PackLocation, packPath } from '../datasets/pack.ts';
import { openVectors, type Vectors } from '../datasets/vectors.ts';
import type { Store, Writer } from '../store/database.ts';
import {
  addBlob,
  addEmbeddings,
  committedRows,
  findBlob,
  type PackName,
  packEnd,
  setPackEnd,
} from '../store/files.ts';

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
  /** Appends embeddings [crops, width] in the order of `crops` and notes them. */
  addVectors(model: string, width: number, crops: readonly string[], values: Float32Array): Promise<void>;
  /** The embeddings of a model: their file, [rows, width]. */
  vectors(model: string, width: number): Promise<Vectors>;
  vectorsPath(model: string): string;
  /** Overwrites blobs with zeros on the disk. The caller forgets them in the database. */
  zero(pack: PackName, places: readonly PackLocation[]): Promise<void>;
  /** The same for rows of a model's embeddings. */
  zeroRows(model: string, width: number, rows: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

export const packNames: readonly PackName[] = ['crops', 'thumbnails', 'originals'];

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function overwrite(path: string, ranges: readonly { offset: number; length: number }[]): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    for (const { offset, length } of ranges) await handle.write(new Uint8Array(length), 0, length, offset);
    await handle.sync();
  } finally {
    await handle.close();
  }
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
    const opening = openVectors(vectorsPath(model), width, committedRows(store, model));
    opened.set(model, opening);
    opening.catch(() => opened.delete(model));
    return opening;
  };

  const batch = (): Batch => {
    const added = new Map<
      string,
      { readonly pack: PackName; readonly hash: string; readonly place: PackLocation }
    >();
    return {
      add: async (name, bytes, known) => {
        const hash = known ?? sha256(bytes);
        const key = `${name}/${hash}`;
        if (!added.has(key) && findBlob(store, name, hash) === null) {
          added.set(key, { pack: name, hash, place: await pack(name).append(bytes) });
        }
        return hash;
      },
      commit: async (work) => {
        const ends = new Map<PackName, PackEnd>();
        for (const name of new Set([...added.values()].map((blob) => blob.pack))) {
          ends.set(name, await pack(name).flush());
        }
        return store.write((writer) => {
          for (const blob of added.values()) addBlob(writer, blob.pack, blob.hash, blob.place);
          for (const [name, end] of ends) setPackEnd(writer, name, end);
          return work(writer);
        });
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
    addVectors: async (model, width, crops, values) => {
      const file = await vectors(model, width);
      const first = await file.append(values);
      const rows = await file.flush();
      store.write((writer) => addEmbeddings(writer, model, width, { first, rows }, crops));
    },
    vectors,
    vectorsPath,
    zero: async (name, places) => {
      for (const [file, ranges] of Map.groupBy(places, (place) => place.file)) {
        await overwrite(packPath(packsDir, name, file), ranges);
      }
    },
    zeroRows: async (model, width, rows) => {
      const length = width * 4;
      const ranges = rows.map((row) => ({ offset: row * length, length }));
      if (ranges.length > 0) await overwrite(vectorsPath(model), ranges);
    },
    close: async () => {
      for (const open of packs.values()) await open.close();
      for (const open of opened.values()) await (await open).close();
    },
  };
}
