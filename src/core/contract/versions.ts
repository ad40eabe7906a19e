import { z } from 'zod';
import { id, ids, name, none } from './common.ts';
import { method } from './method.ts';

/** An immutable list of crops and whose they are. What is trained or evaluated names the version that it used. */
export interface Version {
  readonly id: number;
  /** SHA-256 over the list, hexadecimal: the same pictures and names give the same hash. */
  readonly hash: string;
  readonly name: string;
  readonly createdAt: number;
  /** What it was made of; a dataset that was erased since has no id. */
  readonly datasets: readonly { readonly id: number | null; readonly name: string }[];
  readonly images: number;
  readonly identities: number;
  /** Runs that were trained on it. */
  readonly runs: number;
  /** Pictures that were erased since; such a version can't be trained on any more. */
  readonly missing: number;
  /** The version that it was made of by changing names; one that was removed since has no id. */
  readonly cleanedFrom: { readonly id: number | null; readonly name: string } | null;
}

export interface VersionDetail extends Version {
  /** How many identities have n pictures: [n, identities], n ascending. */
  readonly sizes: readonly (readonly [images: number, identities: number])[];
  /** By how many crops were aligned with each solver. */
  readonly solvers: Readonly<Record<string, number>>;
  /** Side of the crops in pixels: the smallest and the largest. */
  readonly cropSides: readonly [number, number];
}

export const versionMethods = {
  'versions.list': method(none)<readonly Version[]>(),
  'versions.get': method(z.object({ version: id }))<VersionDetail>(),
  /** The kept, named faces of these datasets as they are now. The same list again is the version that is there. */
  'versions.create': method(
    z.object({
      datasets: ids.min(1),
      name: name.nullable().default(null),
      /** Leave out faces of a lower overall quality, 0..1. */
      minQuality: z.number().min(0).max(1).default(0),
    }),
  )<Version>(),
  'versions.rename': method(z.object({ version: id, name }))<void>(),
  /** Forgets a version that no run was trained on. */
  'versions.remove': method(z.object({ version: id }))<void>(),
} as const;
