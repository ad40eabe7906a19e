import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { error } from '../../core/base/errors.ts';
import { maskKinds } from '../../core/people/mask-kinds.ts';
import {
  type PlannedPicture,
  type SamplePerson,
  type SamplePlan,
  type SampleSettings,
  type SampleTruth,
  sampleRoles,
} from '../../core/sample/types.ts';
import { writeAtomically } from '../models/files.ts';

/** What is true of the pictures of a sample, beside them. */
export const truthFile = 'truth.json';
/** Parts that are done, while others are not. */
const partsFolder = '.parts';
const format = 'lineament-generated-people';

/** A part that is done: what is true of its pictures, and the length of each one's file in bytes. */
interface DonePart {
  readonly truths: readonly SampleTruth[];
  readonly bytes: readonly number[];
}

const numbers = z.array(z.number());
const face = z.object({
  identity: z.number(),
  name: z.string(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }),
  points: numbers,
  landmarks: numbers,
  mask: z.object({ kind: z.enum(maskKinds), outline: numbers }).nullable(),
});
const defect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('wrong-label'), name: z.string() }),
  z.object({ kind: z.literal('duplicate'), of: z.string(), exact: z.boolean() }),
  z.object({ kind: z.literal('broken'), kept: z.number() }),
]);
const truth = z.object({
  path: z.string(),
  kind: z.enum(['portrait', 'group', 'crop']),
  label: z.string().nullable(),
  width: z.number(),
  height: z.number(),
  faces: z.array(face),
  defect: defect.nullable(),
});
const partRecord = z.object({ settings: z.string(), truths: z.array(truth), bytes: numbers });
const person = z.object({ identity: z.number(), names: z.array(z.string()), role: z.enum(sampleRoles) });
const truthRecord = z.object({
  format: z.literal(format),
  settings: z.unknown(),
  people: z.array(person),
  pictures: z.array(truth),
});

function partPath(folder: string, part: number): string {
  return join(folder, partsFolder, `${part}.json`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null; // not there, or not wholly: it is made again
  }
}

/** What `write` does to `path`, once the folders that it is in are there. Errors: file/cannot-write. */
export async function writable<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await write();
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw error('file/cannot-write', { path, detail }, thrown);
  }
}

/** Writes a file, and the folders that it is in. Errors: file/cannot-write. */
export async function put(path: string, content: string | Uint8Array): Promise<void> {
  await writable(path, () => writeAtomically(path, content));
}

/** Notes that a part's files are there. Errors: file/cannot-write. */
export async function notePart(
  folder: string,
  settings: SampleSettings,
  part: number,
  done: DonePart,
): Promise<void> {
  const record = { settings: JSON.stringify(settings), ...done };
  await put(partPath(folder, part), JSON.stringify(record));
}

/** What was noted of a part of the same settings whose files are all there still; null otherwise. */
export async function notedPart(
  folder: string,
  settings: SampleSettings,
  part: number,
  pictures: readonly PlannedPicture[],
): Promise<readonly SampleTruth[] | null> {
  const parsed = partRecord.safeParse(await readJson(partPath(folder, part)));
  if (!parsed.success || parsed.data.settings !== JSON.stringify(settings)) return null;
  const { truths, bytes } = parsed.data;
  if (truths.length !== pictures.length) return null;
  for (const [i, { path }] of pictures.entries()) {
    const found = await stat(join(folder, path)).catch(() => null);
    if (truths[i]?.path !== path || found?.size !== bytes[i]) return null;
  }
  return truths;
}

/** What is true of a sample's pictures. */
export interface SampleRecord {
  readonly people: readonly SamplePerson[];
  readonly pictures: readonly SampleTruth[];
}

/** What `truth.json` in a folder says; null where there is none yet, or the sample is of other settings than asked. */
export async function readTruth(folder: string, settings?: SampleSettings): Promise<SampleRecord | null> {
  const parsed = truthRecord.safeParse(await readJson(join(folder, truthFile)));
  if (!parsed.success) return null;
  const { people, pictures } = parsed.data;
  if (settings && JSON.stringify(parsed.data.settings) !== JSON.stringify(settings)) return null;
  return { people, pictures };
}

/**
 * Writes `truth.json` once all parts are made: all at once, as the last of the sample's files. Errors:
 * file/cannot-write, file/cannot-read where a part is not there.
 */
export async function finishSample(folder: string, plan: SamplePlan): Promise<readonly SampleTruth[]> {
  const truths: SampleTruth[] = [];
  for (const [part, pictures] of plan.parts.entries()) {
    const noted = await notedPart(folder, plan.settings, part, pictures);
    if (!noted) {
      const path = join(folder, pictures[0]?.path ?? '');
      throw error('file/cannot-read', { path, detail: 'it was made, and is gone or changed' });
    }
    truths.push(...noted);
  }
  const lines = truths.map((truth) => JSON.stringify(truth)).join(',\n');
  const head = JSON.stringify({ format, version: 1, settings: plan.settings, people: plan.people });
  await put(join(folder, truthFile), `${head.slice(0, -1)},"pictures":[\n${lines}\n]}\n`);
  await rm(join(folder, partsFolder), { recursive: true, force: true });
  return truths;
}
