import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backbone } from '../../core/backbones/backbone.ts';
import { error } from '../../core/base/errors.ts';
import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import { importedBackbone, importedName, importedNameOf } from '../../core/import-graph/imported-backbone.ts';
import { readOnnx } from '../../core/onnx/read.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { parseCard } from './cards.ts';
import { copyAtomically, sha256Of, writeAtomically } from './files.ts';

/**
 * Embedding models that training goes on from. Their files are kept in the data folder, `backbones/ID@HASH.onnx` and its
 * card beside it, so that a run can go on after the model was removed or changed.
 */

/** An embedding model as a backbone. Errors: `engine/model-missing`, `model/changed`, those of `importedBackbone`. */
export async function modelBackbone(card: EmbeddingCard, path: string): Promise<Backbone> {
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw error('engine/model-missing', { path }, thrown);
  });
  const actual = await sha256Of(path);
  if (actual !== card.sha256) throw error('model/changed', { path, actual, expected: card.sha256 });
  const { colour, layout, scale, mean, std, width } = card.input;
  const title = card.name;
  if (colour === 'grey') {
    const why = 'its pictures are grey, and crops are in colour';
    throw error('graph/refused-node', { op: 'The input', node: title, why });
  }
  return importedBackbone(readOnnx(bytes), {
    name: importedNameOf(card.id, card.sha256),
    title,
    input: { colour, layout, scale, mean, std, size: width },
  });
}

/** Copies a model to where runs find it. */
export async function keepBackbone(dir: string, card: EmbeddingCard, path: string): Promise<void> {
  const place = placeOf(dir, importedNameOf(card.id, card.sha256));
  if (await there(place.card)) return;
  await copyAtomically(path, place.onnx);
  await writeAtomically(place.card, JSON.stringify(card, null, 2));
}

/** A network that is kept, by its name in recipes; null where it is not. Errors as of `modelBackbone`. */
export async function readKeptBackbone(dir: string, name: string): Promise<Backbone | null> {
  const place = placeOf(dir, name);
  if (!(await there(place.card))) return null;
  const card = parseCard(await readFile(place.card, 'utf8'), place.card);
  if (card.task !== 'embedding')
    throw error('model/bad-card', { path: place.card, detail: `task: ${card.task} is no embedding` });
  return await modelBackbone(card, place.onnx);
}

/** An embedding model that is kept, as `openEmbedder` finds it in `dir`: its id is the file's name. Error: `model/not-found`. */
export async function keptModel(dir: string, name: string): Promise<EmbeddingCard> {
  const place = placeOf(dir, name);
  const text = await readFile(place.card, 'utf8').catch((thrown: unknown) => {
    throw error('model/not-found', { id: name, task: 'embedding', known: 'none' }, thrown);
  });
  const card = parseCard(text, place.card);
  if (card.task !== 'embedding')
    throw error('model/bad-card', { path: place.card, detail: `task: ${card.task} is no embedding` });
  return { ...card, id: name.replace(/^onnx:/, '') };
}

/** The network of a file that a recipe names: none or one. Errors: `model/not-found`, and as of `modelBackbone`. */
export async function importedOf({
  recipe,
  backbonesDir,
}: {
  readonly recipe: Pick<Recipe, 'network'>;
  readonly backbonesDir?: string;
}): Promise<readonly Backbone[]> {
  const name = recipe.network.backbone;
  if (!importedName.test(name)) return [];
  const kept = backbonesDir === undefined ? null : await readKeptBackbone(backbonesDir, name);
  if (!kept) throw error('model/not-found', { id: name, task: 'embedding', known: 'none' });
  return [kept];
}

function placeOf(dir: string, name: string): { readonly onnx: string; readonly card: string } {
  const stem = join(dir, name.replace(/^onnx:/, ''));
  return { onnx: `${stem}.onnx`, card: `${stem}.json` };
}

const there = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
