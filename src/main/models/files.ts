import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ModelCard } from '../../core/contract/model-card.ts';

/** A file of a model and the checksum that its card states. */
export interface ModelFile {
  readonly file: string;
  readonly sha256: string;
}

/** The files of a card, beside it. */
export function modelFiles(card: ModelCard): readonly ModelFile[] {
  return card.task === 'detector' ? card.files : [{ file: `${card.id}.onnx`, sha256: card.sha256 }];
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Makes what is in a folder or file survive a loss of power. Folders cannot be synced everywhere; that is no failure. */
async function sync(path: string, folder: boolean): Promise<void> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return;
  try {
    await handle.sync();
  } catch (thrown) {
    if (!folder) throw thrown;
  } finally {
    await handle.close();
  }
}

/** Puts a file in its place all at once: `write` makes it under another name, then it is synced and renamed. */
export async function atomically(to: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${to}.part`;
  try {
    await write(temporary);
    await sync(temporary, false);
    await rename(temporary, to);
    await sync(dirname(to), true);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** Copies a file so that it is there wholly or not at all. */
export async function copyAtomically(from: string, to: string): Promise<void> {
  await atomically(to, (temporary) => copyFile(from, temporary));
}

/** Writes a file so that it is there wholly or not at all. */
export async function writeAtomically(to: string, content: string | Uint8Array): Promise<void> {
  await atomically(to, (temporary) => writeFile(temporary, content));
}
