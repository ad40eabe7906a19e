import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { error } from '../../core/base/errors.ts';
import { recipeSchema } from '../../core/recipe/recipe.ts';
import { writeError } from '../datasets/write-error.ts';
import type { TrainingState } from '../engine/trainer.ts';
import { atomically } from '../models/files.ts';

/**
 * A checkpoint: all that a run continues from. The file is `magic`, the length of the header (uint32, little-endian), the
 * header as JSON, padded with blanks to a multiple of 64 bytes, every tensor's float32 numbers (little-endian) one after
 * another, and the SHA-256 of all that. It is written under another name and renamed once it is on the disk, so that a
 * checkpoint is whole or not there.
 */

const magic = new TextEncoder().encode('LNMTCKPT');
const preamble = magic.length + 4;
const alignment = 64;
const digestBytes = 32;
const ending = '.checkpoint';

const whole = z.int().nonnegative();
const tensor = z.object({
  name: z.string(),
  kind: z.enum(['parameter', 'running', 'slot']),
  shape: z.array(whole),
  /** Numbers before it. */
  offset: whole,
  /** Numbers in it. */
  length: whole,
});
const header = z.object({
  format: z.literal(1),
  step: whole,
  /** Epochs completed. */
  epoch: whole,
  recipe: recipeSchema,
  /** Seconds trained. */
  seconds: z.number(),
  best: z.object({ accuracy: z.number(), step: whole }).nullable(),
  /** The accuracy that the next progress is measured from; null before the first. */
  mark: z.number().nullable(),
  /** Validations since that progress. */
  sinceBest: whole,
  /** The last step that was validated; null: none was. */
  validated: whole.nullable(),
  provider: z.string(),
  tensors: z.array(tensor),
});

export type CheckpointHeader = z.output<typeof header>;
export type StoredTensor = CheckpointHeader['tensors'][number];
/** What is said of a checkpoint besides its numbers. Seed and dataset version are in the recipe. */
export type CheckpointFacts = Omit<CheckpointHeader, 'format' | 'tensors'>;

/** A tensor of the state, with its present numbers, which are asked for when their turn comes. */
export interface LiveTensor extends Pick<StoredTensor, 'name' | 'kind' | 'length'> {
  readonly shape: readonly number[];
  data(): Float32Array;
}

/** What a checkpoint holds. */
export interface StoredRun {
  readonly header: CheckpointHeader;
  readonly state: TrainingState;
}

export interface CheckpointFile {
  readonly step: number;
  /** Name in the folder. */
  readonly file: string;
  readonly bytes: number;
}

export const checkpointName = (step: number): string => `step-${String(step).padStart(9, '0')}${ending}`;

/**
 * Writes the checkpoint of a step; one of the same step is replaced. The state is not copied: its numbers must stay until
 * this is done. Throws `pack/write-failed`.
 */
export async function writeCheckpoint(
  dir: string,
  facts: CheckpointFacts,
  tensors: readonly LiveTensor[],
): Promise<CheckpointFile> {
  const path = join(dir, checkpointName(facts.step));
  let bytes = 0;
  const write = async (temporary: string): Promise<void> => {
    const handle = await open(temporary, 'w');
    try {
      const hash = createHash('sha256');
      for (const part of parts(facts, tensors))
        for (const piece of pieces(part)) {
          hash.update(piece);
          bytes += await writeAll(handle, piece);
        }
      bytes += await writeAll(handle, hash.digest());
    } finally {
      await handle.close();
    }
  };
  await atomically(path, write).catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
  return { step: facts.step, file: basename(path), bytes };
}

function* parts(facts: CheckpointFacts, tensors: readonly LiveTensor[]): Iterable<Uint8Array> {
  let offset = 0;
  const stored = tensors.map(({ name, kind, shape, length }) => {
    offset += length;
    return { name, kind, shape: [...shape], offset: offset - length, length };
  });
  const content: CheckpointHeader = { format: 1, ...facts, tensors: stored };
  const json = new TextEncoder().encode(JSON.stringify(content));
  const size = Math.ceil((preamble + json.length) / alignment) * alignment;
  const head = new Uint8Array(size).fill(0x20);
  head.set(magic);
  new DataView(head.buffer).setUint32(magic.length, size - preamble, true);
  head.set(json, preamble);
  yield head;
  for (const { length, data } of tensors) {
    const numbers = data();
    if (numbers.length !== length) throw new Error(`${numbers.length} numbers instead of ${length}`);
    yield bytesOf(numbers);
  }
}

/** What a checkpoint says of itself, without its numbers, which are not checked. Throws `training/checkpoint-damaged`. */
export async function readCheckpointHeader(path: string): Promise<CheckpointHeader> {
  return reading(path, async (handle, size) => (await readHeader(handle, size, createHash('sha256'))).header);
}

/** Where the numbers of a tensor go; null: they are checked and not kept. */
export type Destination = (tensor: StoredTensor) => Float32Array | null;

const anew: Destination = ({ length }) => new Float32Array(length);

/**
 * Reads a checkpoint and checks it. `into`: arrays that are there already take the numbers, so that gigabytes are not in
 * memory twice; where the checkpoint turns out to be damaged, they are filled all the same. Throws
 * `training/checkpoint-damaged`, also where it is missing.
 */
export async function readCheckpoint(path: string, into: Destination = anew): Promise<StoredRun> {
  return reading(path, async (handle, size) => {
    const hash = createHash('sha256');
    const { header, end } = await readHeader(handle, size, hash);
    const tensors = new Map<string, Float32Array>();
    const unkept = new Uint8Array(pieceBytes);
    let at = end;
    for (const tensor of header.tensors) {
      const numbers = into(tensor);
      const pass = numbers === null ? passing(4 * tensor.length, unkept) : pieces(bytesOf(numbers));
      for (const piece of pass) {
        await readAll(handle, piece, at);
        hash.update(piece);
        at += piece.length;
      }
      if (numbers !== null) tensors.set(tensor.name, numbers);
    }
    const digest = new Uint8Array(digestBytes);
    await readAll(handle, digest, at);
    if (!hash.digest().equals(digest)) throw new Damage('its checksum is wrong');
    return { header, state: { step: header.step, tensors } };
  });
}

/** The whole checkpoints of a folder, by step. */
export async function listCheckpoints(dir: string): Promise<readonly CheckpointFile[]> {
  const found: CheckpointFile[] = [];
  for (const file of await readdir(dir)) {
    const step = /^step-(\d+)\.checkpoint$/.exec(file)?.[1];
    if (step === undefined) continue;
    found.push({ step: Number(step), file, bytes: (await stat(join(dir, file))).size });
  }
  return found.toSorted((a, b) => a.step - b.step);
}

/** Removes what a process left that was ended while it wrote. */
export async function removePartial(dir: string): Promise<void> {
  for (const file of await readdir(dir)) {
    if (file.endsWith(`${ending}.part`)) await rm(join(dir, file), { force: true });
  }
}

/** What is wrong with a file, in words. */
class Damage extends Error {}

async function reading<T>(path: string, read: (handle: FileHandle, size: number) => Promise<T>): Promise<T> {
  const damaged = (detail: string, cause: unknown): Error =>
    error('training/checkpoint-damaged', { file: path, detail }, cause);
  const handle = await open(path, 'r').catch((thrown: unknown) => {
    throw damaged('it is missing or cannot be opened', thrown);
  });
  try {
    return await read(handle, (await handle.stat()).size);
  } catch (thrown) {
    throw damaged(thrown instanceof Damage ? thrown.message : 'it cannot be read', thrown);
  } finally {
    await handle.close();
  }
}

async function readHeader(
  handle: FileHandle,
  size: number,
  hash: Hash,
): Promise<{ readonly header: CheckpointHeader; readonly end: number }> {
  const start = new Uint8Array(preamble);
  if (size < preamble + digestBytes) throw new Damage(`it has ${size} bytes only`);
  await readAll(handle, start, 0);
  if (!magic.every((byte, i) => start[i] === byte)) throw new Damage('it does not begin like a checkpoint');
  const length = new DataView(start.buffer).getUint32(magic.length, true);
  if (preamble + length + digestBytes > size) throw new Damage('it is cut off in its header');
  const json = new Uint8Array(length);
  await readAll(handle, json, preamble);
  hash.update(start).update(json);
  const parsed = header.safeParse(parseJson(json));
  if (!parsed.success) throw new Damage('its header is not that of a checkpoint');
  const end = preamble + length;
  const numbers = parsed.data.tensors.reduce((sum, one) => sum + one.length, 0);
  const wanted = end + 4 * numbers + digestBytes;
  if (size !== wanted) throw new Damage(`it has ${size} bytes instead of ${wanted}`);
  return { header: parsed.data, end };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Damage('its header is no JSON');
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Files and checksums take no more than two gigabytes at a time. */
const pieceBytes = 2 ** 26;

function* pieces(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** So many bytes through one buffer. */
function* passing(bytes: number, buffer: Uint8Array): Iterable<Uint8Array> {
  for (let left = bytes; left > 0; left -= buffer.length) yield buffer.subarray(0, left);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<number> {
  for (let done = 0; done < bytes.length; )
    done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
  return bytes.length;
}

async function readAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new Damage(`it ends at byte ${position + done}`);
    done += bytesRead;
  }
}
