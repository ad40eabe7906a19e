import { z } from 'zod';
import { id, name, none, page } from './common.ts';
import type { Face } from './faces.ts';
import { method, type Page } from './method.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly faces: number;
  /** Crop hashes of the best few faces. */
  readonly covers: readonly string[];
}

export interface Cluster {
  readonly id: number;
  readonly size: number;
  /** Of these, how many nobody has named yet. */
  readonly unnamed: number;
  /** The best few faces. */
  readonly covers: readonly { readonly face: number; readonly crop: string }[];
  /** The person whose named faces are in it or near it. */
  readonly suggestion: {
    readonly personId: number;
    readonly name: string;
    readonly similarity: number;
  } | null;
}

export interface Suggestion {
  readonly face: Face;
  readonly personId: number;
  readonly name: string;
  readonly similarity: number;
}

export interface JournalEntry {
  readonly id: number;
  readonly at: number;
  /** What was done, as a person would say it. */
  readonly title: string;
  readonly undone: boolean;
}

const many = z.array(id).min(1).max(100_000);

export const peopleMethods = {
  'people.page': method(z.object({ search: z.string().max(200).default(''), ...page }))<Page<Person>>(),
  'people.get': method(z.object({ person: id }))<Person>(),
  /** Gives faces, or all unnamed faces of a cluster, to the person of that name, who is made if need be; undoable. */
  'people.name': method(
    z
      .object({ faces: many.optional(), cluster: id.optional(), name })
      .refine(
        (input) => (input.faces === undefined) !== (input.cluster === undefined),
        'give either faces or a cluster',
      ),
  )<Person>(),
  'people.rename': method(z.object({ person: id, name }))<Person>(),
  /** All faces of `people` become `into`'s; undoable. */
  'people.merge': method(z.object({ people: many, into: id }))<Person>(),
  /** Takes faces away from their people: to a new person of that name, or to nobody; undoable. */
  'people.split': method(z.object({ faces: many, name: name.nullable().default(null) }))<Person | null>(),
  /** Unnamed faces that look like a named person, best first. */
  'people.suggestions': method(z.object({ person: id.nullable().default(null), ...page }))<
    Page<Suggestion>
  >(),
  'people.confirm': method(z.object({ faces: many, person: id }))<void>(),
  /** These faces are not that person: never suggested or clustered together again; undoable. */
  'people.dismiss': method(z.object({ faces: many, person: id }))<void>(),
  'clusters.page': method(
    z.object({
      show: z.enum(['unnamed', 'all']).default('unnamed'),
      minSize: z.int().min(1).default(2),
      ...page,
    }),
  )<Page<Cluster>>(),
  'clusters.get': method(z.object({ cluster: id }))<Cluster>(),
  /** Joins clusters into the first; undoable. */
  'clusters.merge': method(z.object({ clusters: z.array(id).min(2).max(1000) }))<void>(),
  /** Takes faces out of their cluster into one of their own; undoable. */
  'clusters.split': method(z.object({ faces: many }))<{ readonly cluster: number }>(),
  'journal.list': method(z.object(page))<Page<JournalEntry>>(),
  /** Takes back the last action that was not undone; null when there is none. */
  'journal.undo': method(none)<JournalEntry | null>(),
  'journal.redo': method(none)<JournalEntry | null>(),
} as const;
