import { z } from 'zod';
import type { ErrorInfo } from '../base/errors.ts';
import { id, name, none, page } from './common.ts';
import type { Job } from './jobs.ts';
import { method, type Page } from './method.ts';

export const sourceKinds = ['auto', 'flat', 'identities', 'list', 'archive'] as const;
export type SourceKind = (typeof sourceKinds)[number];

export interface Dataset {
  readonly id: number;
  readonly name: string;
  /** The folder, list or archive that it was imported from. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly photos: number;
  /** Files that could not be read. */
  readonly problems: number;
  /** Photographs that still wait for alignment. */
  readonly pending: number;
  /** Kept faces. */
  readonly faces: number;
  /** Kept faces that have an embedding of the default model. */
  readonly embedded: number;
  /** Different identity labels that came with the photographs. */
  readonly identities: number;
  /** Marked as removed; can be brought back until it is erased. */
  readonly removed: boolean;
}

/** Why a photograph waits in the queue of failures. */
export const queueReasons = ['none', 'several', 'tiny', 'blurred', 'failed'] as const;
export type QueueReason = (typeof queueReasons)[number];

export interface Photo {
  readonly id: number;
  readonly datasetId: number;
  /** Path inside the source, with `/`. */
  readonly key: string;
  /** Identity label that came with it. */
  readonly label: string | null;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Set where the file could not be read. */
  readonly problem: ErrorInfo | null;
  /** `pending` before alignment. */
  readonly alignment: 'pending' | 'aligned';
  /** Reasons to look at it; empty when all is well. */
  readonly queue: readonly QueueReason[];
  /** The user looked at it and is content. */
  readonly reviewed: boolean;
  readonly faces: number;
  /** Content hash; names the thumbnail. */
  readonly hash: string | null;
}

/** What a few pictures of a source have in common. */
export interface ImportPreview {
  /** How many were looked at; 0 where none could be read. */
  readonly pictures: number;
  /** Pixels of a side where all of them are square and of one size: they may be aligned crops. */
  readonly side: number | null;
}

const queueReason = z.enum(queueReasons);

export const datasetMethods = {
  'datasets.list': method(z.object({ removed: z.boolean().default(false) }))<readonly Dataset[]>(),
  'datasets.get': method(z.object({ dataset: id }))<Dataset>(),
  'datasets.find': method(z.object({ name }))<Dataset>(),
  /** Starts an import; paths on the application's machine, or `upload:ID` of files sent to `/media/upload`. */
  'datasets.import': method(
    z.object({
      paths: z.array(z.string().min(1)).min(1).max(10_000),
      name,
      kind: z.enum(sourceKinds).default('auto'),
      /** Keep copies of the originals in the data folder instead of references. */
      copy: z.boolean().default(false),
      /**
       * The pictures are aligned crops: each becomes a photograph with one face, whose crop is the picture itself. Nothing is
       * searched for; pictures that are not square are problems.
       */
      aligned: z.boolean().default(false),
    }),
  )<{ readonly dataset: number; readonly job: Job }>(),
  /** Looks at a few pictures of what could be imported, before it is. */
  'datasets.preview': method(
    z.object({
      paths: z.array(z.string().min(1)).min(1).max(10_000),
      kind: z.enum(sourceKinds).default('auto'),
    }),
  )<ImportPreview>(),
  'datasets.rename': method(z.object({ dataset: id, name }))<void>(),
  /** Marks as removed; undoable. Originals are never touched. */
  'datasets.remove': method(z.object({ dataset: id }))<void>(),
  /** Brings a removed dataset back; undoable. */
  'datasets.restore': method(z.object({ dataset: id }))<void>(),
  /** Deletes what is kept of a removed dataset from the data folder, for good. Originals are never touched. */
  'datasets.erase': method(z.object({ dataset: id }))<void>(),
  'photos.page': method(
    z.object({
      dataset: id,
      show: z.enum(['all', 'problems', 'pending', 'queue', 'aligned']).default('all'),
      reason: queueReason.nullable().default(null),
      search: z.string().max(200).default(''),
      ...page,
    }),
  )<Page<Photo>>(),
  'photos.get': method(z.object({ photo: id }))<Photo>(),
  /** How many photographs wait in the queue, by reason. */
  'photos.queue': method(z.object({ dataset: id }))<Readonly<Record<QueueReason, number>>>(),
  /** Takes photographs out of the queue (or puts them back); undoable. */
  'photos.review': method(
    z.object({ photos: z.array(id).min(1).max(100_000), reviewed: z.boolean() }),
  )<void>(),
  /** Folders and files on the application's machine, for choosing a path in a browser. */
  'files.browse': method(z.object({ path: z.string().nullable().default(null) }))<Folder>(),
  'files.places': method(none)<readonly { readonly name: string; readonly path: string }[]>(),
} as const;

export interface Folder {
  readonly path: string;
  readonly parent: string | null;
  readonly entries: readonly { readonly name: string; readonly path: string; readonly folder: boolean }[];
  /** More entries exist than are listed. */
  readonly truncated: boolean;
}
