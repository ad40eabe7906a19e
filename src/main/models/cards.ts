import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { error } from '../../core/base/errors.ts';
import { type ModelCard, modelCard } from '../../core/contract/model-card.ts';
import { modelFiles, sha256Of } from './files.ts';

/** A model that is there: its card, the folder of its files, and where it came from. */
export interface InstalledModel {
  readonly card: ModelCard;
  readonly dir: string;
  readonly builtIn: boolean;
  /** Bytes of its files. */
  readonly bytes: number;
}

/** What is used where nothing else is said, by task; null where the folder of built-in models has none. */
export interface ModelDefaults {
  readonly detector: string | null;
  readonly embedding: string | null;
  readonly landmarks: string | null;
  readonly mesh: string | null;
}

/** The models of an installation. */
export interface ModelCatalogue {
  readonly models: readonly InstalledModel[];
  readonly defaults: ModelDefaults;
  /** Imported cards that cannot be used, and why: shown, not thrown, so that one bad file stops nothing. */
  readonly problems: readonly { readonly path: string; readonly problem: Error }[];
}

const manifest = z.object({
  format: z.literal(1),
  defaults: z.object({
    detector: z.string().nullable().default(null),
    embedding: z.string().nullable().default(null),
    landmarks: z.string().nullable().default(null),
    mesh: z.string().nullable().default(null),
  }),
  models: z.array(z.string()),
});

const noDefaults: ModelDefaults = { detector: null, embedding: null, landmarks: null, mesh: null };

/** A card out of JSON text. Throws `model/bad-card` naming the field. */
export function parseCard(text: string, path: string): ModelCard {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw error('model/bad-card', { path, detail: `it is not JSON (${String(thrown)})` }, thrown);
  }
  const parsed = modelCard.safeParse(json);
  if (!parsed.success)
    throw error('model/bad-card', { path, detail: issuesText(parsed.error) }, parsed.error);
  for (const { file } of modelFiles(parsed.data)) {
    if (basename(file) !== file || file.startsWith('.'))
      throw error('model/bad-card', {
        path,
        detail: `files: ${file} is not the name of a file beside the card`,
      });
  }
  return parsed.data;
}

function issuesText(problem: z.ZodError): string {
  return problem.issues.map((issue) => `${issue.path.join('.') || 'the card'}: ${issue.message}`).join('; ');
}

/**
 * All models: the built-in ones of `builtInDir` (its index.json lists them) and those imported into `importedDir`.
 * Either folder may be absent. Throws `model/bad-manifest`, `model/bad-card` for built-in cards, `model/duplicate`.
 */
export async function readModels(builtInDir: string, importedDir: string): Promise<ModelCatalogue> {
  const builtIn = await readBuiltIn(builtInDir);
  const imported = await readImported(importedDir);
  const byId = new Map<string, InstalledModel>();
  for (const model of [...builtIn.models, ...imported.models]) {
    const { id } = model.card;
    const other = byId.get(id);
    if (other) throw error('model/duplicate', { id, first: other.dir, second: model.dir });
    byId.set(id, model);
  }
  return { models: [...byId.values()], defaults: builtIn.defaults, problems: imported.problems };
}

async function readBuiltIn(dir: string): Promise<{ models: InstalledModel[]; defaults: ModelDefaults }> {
  const path = join(dir, 'index.json');
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return { models: [], defaults: noDefaults };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw error('model/bad-manifest', { path, detail: 'it is not JSON' }, thrown);
  }
  const parsed = manifest.safeParse(json);
  if (!parsed.success)
    throw error('model/bad-manifest', { path, detail: issuesText(parsed.error) }, parsed.error);
  const models = await Promise.all(parsed.data.models.map((id) => readInstalled(dir, `${id}.json`, true)));
  return { models, defaults: parsed.data.defaults };
}

async function readImported(
  dir: string,
): Promise<Pick<ModelCatalogue, 'problems'> & { models: InstalledModel[] }> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => extname(name) === '.json').sort();
  const models: InstalledModel[] = [];
  const problems: { path: string; problem: Error }[] = [];
  for (const name of names) {
    try {
      models.push(await readInstalled(dir, name, false));
    } catch (thrown) {
      problems.push({
        path: join(dir, name),
        problem: thrown instanceof Error ? thrown : new Error(String(thrown)),
      });
    }
  }
  return { models, problems };
}

async function readInstalled(dir: string, name: string, builtIn: boolean): Promise<InstalledModel> {
  const path = join(dir, name);
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw error('model/bad-card', { path, detail: 'it cannot be read' }, thrown);
  });
  const card = parseCard(text, path);
  if (`${card.id}.json` !== name)
    throw error('model/bad-card', { path, detail: `id: ${card.id} must be the name of the file` });
  let bytes = 0;
  for (const { file } of modelFiles(card)) {
    const info = await stat(join(dir, file)).catch(() => null);
    if (!info) throw error('engine/model-missing', { path: join(dir, file) });
    bytes += info.size;
  }
  return { card, dir, builtIn, bytes };
}

/** Reads all files of a model and compares their checksums with the card's. Throws `model/changed`. */
export async function verifyModel({ card, dir }: Pick<InstalledModel, 'card' | 'dir'>): Promise<void> {
  for (const { file, sha256 } of modelFiles(card)) {
    const path = join(dir, file);
    const actual = await sha256Of(path);
    if (actual !== sha256) throw error('model/changed', { path, actual, expected: sha256 });
  }
}

/** The model of that id and task. Throws `model/not-found` naming those that there are. */
export function findModel<Task extends ModelCard['task']>(
  { models }: Pick<ModelCatalogue, 'models'>,
  task: Task,
  id: string,
): InstalledModel & { readonly card: Extract<ModelCard, { task: Task }> } {
  const ofTask = models.filter((model) => model.card.task === task);
  const found = ofTask.find((model) => model.card.id === id);
  if (!found || !isTask(found, task))
    throw error('model/not-found', {
      id,
      task,
      known: ofTask.map(({ card }) => card.id).join(', ') || 'none',
    });
  return found;
}

function isTask<Task extends ModelCard['task']>(
  model: InstalledModel,
  task: Task,
): model is InstalledModel & { readonly card: Extract<ModelCard, { task: Task }> } {
  return model.card.task === task;
}
