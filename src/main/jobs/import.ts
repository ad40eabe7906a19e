import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { error, toErrorInfo } from '../../core/base/errors.ts';
import type { SourceKind } from '../../core/contract/datasets.ts';
import { inspectPhoto } from '../datasets/inspect.ts';
import { openSources } from '../datasets/open-several.ts';
import type { SourceItem } from '../datasets/types.ts';
import { mapConcurrent } from '../images/map-concurrent.ts';
import { configureImages } from '../images/setup.ts';
import { fileError } from '../images/source.ts';
import type { ImportedPhoto } from '../store/photos.ts';
import type { FaceToSave } from './align.ts';
import { importedFace, importedSide } from './imported-face.ts';
import type { Job } from './job.ts';

export interface ImportSetup {
  readonly paths: readonly string[];
  /** Goes before every key. */
  readonly prefix: string;
  readonly kind: SourceKind;
  /** Send the bytes of files too, not only of archive members. */
  readonly copy: boolean;
  /** The pictures are aligned crops. */
  readonly aligned: boolean;
  /** Longest side of the thumbnails, pixels. */
  readonly thumbnailSide: number;
  readonly concurrency: number;
}

/** What an import found; `original` holds the bytes where they are to be kept. */
export interface ImportedItem extends ImportedPhoto {
  readonly thumbnail: Uint8Array | null;
  readonly original: Uint8Array | null;
  /** The face that the picture is, where pictures are aligned crops. */
  readonly face: FaceToSave | null;
}

export interface ImportHost {
  /** Which of these are stored as they are now, and need no second look. */
  unchanged(
    items: readonly { readonly key: string; readonly bytes: number; readonly modified: number }[],
  ): Promise<readonly boolean[]>;
  save(items: readonly ImportedItem[]): Promise<void>;
}

const batchSize = 64;
const batchBytes = 16 * 1024 * 1024;

/** Photographs that need a look, and problems, as the sources give them; what is known already is passed over. */
async function* fresh(
  setup: ImportSetup,
  host: ImportHost,
  signal: AbortSignal,
  note: (seen: number, ignored: number) => void,
): AsyncGenerator<SourceItem> {
  let seen = 0;
  let waiting: SourceItem[] = [];
  const ask = async (): Promise<SourceItem[]> => {
    const items = waiting;
    waiting = [];
    const questions = items.map((item) =>
      item.kind === 'photo'
        ? { key: item.key, bytes: item.size, modified: Math.trunc(item.modified ?? 0) }
        : { key: item.key, bytes: -1, modified: 0 },
    );
    const known = await host.unchanged(questions);
    seen += items.length;
    return items.filter((_, index) => known[index] !== true);
  };
  const source = await openSources(setup.paths, { kind: setup.kind, signal });
  for await (const item of source.items(signal)) {
    // An archive's bytes are this item's only while it is the current one.
    const passing = item.kind === 'photo' && item.location.type === 'bytes';
    waiting.push({ ...item, key: `${setup.prefix}${item.key}` });
    if (waiting.length < (passing ? 1 : batchSize)) continue;
    yield* await ask();
    note(seen, source.ignored());
  }
  yield* await ask();
  note(seen, source.ignored());
}

async function inspect(setup: ImportSetup, item: SourceItem): Promise<ImportedItem> {
  const nothing = {
    path: null,
    hash: null,
    bytes: 0,
    modified: 0,
    width: 0,
    height: 0,
    thumbnail: null,
    original: null,
    face: null,
  };
  const square = setup.aligned ? importedSide : undefined;
  const record =
    item.kind === 'photo' ? await inspectPhoto(item, { side: setup.thumbnailSide, square }) : item;
  if (record.kind === 'problem') {
    const where = item.kind === 'photo' && item.location.type === 'file' ? { path: item.location.path } : {};
    const label = item.kind === 'photo' ? item.label : null;
    return { ...nothing, ...where, key: item.key, label, problem: record.error };
  }
  const { location, pixels, format: _, kind: __, ...rest } = record;
  const bytes = item.kind === 'photo' ? item.size : record.bytes;
  const face = pixels === null ? null : await importedFace(pixels, record.width);
  const kept = { ...rest, bytes, modified: Math.trunc(record.modified ?? 0), problem: null, face };
  if (location.type === 'bytes') return { ...kept, path: null, original: location.bytes };
  if (!setup.copy) return { ...kept, path: location.path, original: null };
  const { path } = location;
  try {
    const original = await readFile(path);
    if (hash('sha256', original) !== record.hash) throw error('photo/changed', { path });
    return { ...kept, path: null, original };
  } catch (thrown) {
    const problem = toErrorInfo(fileError(path, thrown));
    return { ...nothing, path, key: item.key, label: record.label, problem };
  }
}

/** Reads the sources and sends what it finds in batches. Summary: `photos`, `problems`, `ignored`, `unchanged`. */
export const importJob: Job<ImportSetup, ImportHost> = async (setup, host, context) => {
  configureImages();
  let photos = 0;
  let problems = 0;
  let passed = { seen: 0, ignored: 0 };
  let batch: ImportedItem[] = [];
  let size = 0;
  const send = async (): Promise<void> => {
    if (batch.length > 0) await host.save(batch);
    batch = [];
    size = 0;
  };
  const items = fresh(setup, host, context.signal, (seen, ignored) => {
    passed = { seen, ignored };
  });
  try {
    for await (const item of mapConcurrent(
      items,
      setup.concurrency,
      (next) => inspect(setup, next),
      context.signal,
    )) {
      if (item.problem === null) photos++;
      else problems++;
      batch.push(item);
      size += [item.original, item.thumbnail, item.face?.crop].reduce(
        (sum, part) => sum + (part?.length ?? 0),
        0,
      );
      if (batch.length >= batchSize || size >= batchBytes) await send();
      context.progress(Math.max(passed.seen, photos + problems), null);
    }
  } finally {
    await send(); // what was read before a stop is kept
  }
  const unchanged = Math.max(0, passed.seen - photos - problems);
  return { photos, problems, unchanged, ignored: passed.ignored };
};
