import { access, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { error } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import type { ModelCard } from '../../core/contract/model-card.ts';
import { type InstalledModel, parseCard, verifyModel } from './cards.ts';
import { copyAtomically, modelFiles, sha256Of, writeAtomically } from './files.ts';
import { inspectModel } from './inspect.ts';
import { tryModel } from './trial.ts';

export interface ImportOptions {
  /** The answers of the form; null where the card lies beside the file, or is itself `path`. */
  readonly card: ModelCard | null;
  /** The data folder's models/. */
  readonly importedDir: string;
  /** Ids that are taken, the built-in ones too. */
  readonly taken: readonly string[];
  /** A photograph of a face (for an embedding: any crop) for the trial; a generated picture of nobody otherwise. */
  readonly photograph?: RgbImage;
  /** The card was written by whoever trained the network: nothing in it is a guess that the trial could find out. */
  readonly sure?: boolean;
}

/**
 * Copies a model into the data folder, after a trial run. `path` is an .onnx file, or the .json card of a model whose
 * files lie beside it (MTCNN has three). Nothing is left behind where anything fails; the card is put in place last,
 * so that a model is there wholly or not at all.
 * Throws `model/no-card`, `model/bad-card`, `model/exists`, `model/changed`, `model/trial-failed`, `engine/…`.
 */
export async function importModel(path: string, options: ImportOptions): Promise<InstalledModel> {
  const card = options.card ?? (await cardBeside(path));
  if (options.taken.includes(card.id)) throw error('model/exists', { id: card.id });
  const staging = join(options.importedDir, `.${card.id}.part`);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    const files = modelFiles(card);
    for (const { file } of files) {
      const source = sourceOf(path, file, files.length);
      await access(source).catch(() => {
        throw error('engine/model-missing', { path: source });
      });
      await copyAtomically(source, join(staging, file));
    }
    const staged: InstalledModel = { card, dir: staging, builtIn: false, bytes: 0 };
    await verifyModel(staged);
    await agree(card, staging);
    await tryModel(card, staging, options.photograph ?? null, options.sure);
    for (const { file } of files) await rename(join(staging, file), join(options.importedDir, file));
    await writeAtomically(join(options.importedDir, `${card.id}.json`), `${JSON.stringify(card, null, 2)}\n`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return installed(card, options.importedDir);
}

/** Removes an imported model. Throws `model/built-in`. */
export async function removeModel({ card, dir, builtIn }: InstalledModel): Promise<void> {
  if (builtIn) throw error('model/built-in', { id: card.id });
  await rm(join(dir, `${card.id}.json`), { force: true }); // first: without its card a model is not there
  for (const { file } of modelFiles(card)) await rm(join(dir, file), { force: true });
}

/** The card at `path`, or in the .json of the same name beside it; its checksum may be left out there. Throws `model/no-card`, `model/bad-card`. */
export async function cardBeside(path: string): Promise<ModelCard> {
  const cardPath =
    extname(path) === '.json' ? path : `${path.slice(0, path.length - extname(path).length)}.json`;
  const text = await readFile(cardPath, 'utf8').catch(() => {
    throw error('model/no-card', { path, card: cardPath });
  });
  return parseCard(await withChecksums(text, path), cardPath);
}

/**
 * A hand-written card of one file need not state the checksum or the file's name: both are filled in here. What is not
 * an object of that kind is left to `parseCard`.
 */
async function withChecksums(text: string, path: string): Promise<string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof json !== 'object' || json === null || 'sha256' in json || extname(path) === '.json') return text;
  const sha256 = await sha256Of(path).catch(() => {
    throw error('engine/model-missing', { path });
  });
  const id = 'id' in json && typeof json.id === 'string' ? json.id : '';
  const files = 'task' in json && json.task === 'detector' ? { files: [{ file: `${id}.onnx`, sha256 }] } : {};
  return JSON.stringify({ ...files, ...json, sha256 });
}

/** Where a file of the card lies: a single one is `path` itself, whatever its name; several lie beside the card. */
function sourceOf(path: string, file: string, count: number): string {
  return count === 1 && extname(path) !== '.json' ? path : join(dirname(path), file);
}

/** Refuses a card that says something else than the shapes of its file do. Throws `model/trial-failed`. */
async function agree(card: ModelCard, dir: string): Promise<void> {
  const [first] = modelFiles(card);
  if (!first || (card.task === 'detector' && card.layout === 'mtcnn')) return;
  const { task, recognised, proposal } = await inspectModel(join(dir, first.file));
  const refuse = (detail: string): never => {
    throw error('model/trial-failed', { path: first.file, task: card.task, detail });
  };
  if (proposal === null || task === null) {
    // landmark models of unknown length and embeddings with more outputs may still be what the card says
    if (card.task === 'detector') throw error('model/unrecognised', { path: first.file, detail: recognised });
    return;
  }
  if (task !== card.task) refuse(`its shapes are those of another kind: ${recognised}`);
  if (proposal.task === 'detector' && card.task === 'detector' && proposal.layout !== card.layout)
    refuse(`the card says ${card.layout}, its shapes: ${recognised}`);
  if (proposal.task === 'embedding' && card.task === 'embedding' && proposal.size !== card.size)
    refuse(`the card says ${card.size} numbers, its shapes: ${recognised}`);
  const { width, height } = proposal.input;
  if (width !== null && (width !== card.input.width || height !== card.input.height))
    refuse(`the card says an input of ${card.input.width}×${card.input.height}, the file ${width}×${height}`);
}

async function installed(card: ModelCard, dir: string): Promise<InstalledModel> {
  const sizes = await Promise.all(modelFiles(card).map(({ file }) => stat(join(dir, file))));
  return { card, dir, builtIn: false, bytes: sizes.reduce((sum, { size }) => sum + size, 0) };
}
