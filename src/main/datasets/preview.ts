import { stat } from 'node:fs/promises';
import { LineamentError } from '../../core/base/errors.ts';
import type { ImportPreview, SourceKind } from '../../core/contract/datasets.ts';
import { probeImage } from '../images/probe.ts';
import { openSource } from './open.ts';

/** So many pictures are looked at, at most; of several places the first ones of each. */
const most = 24;

/**
 * Reads the headers of a few pictures, to tell before an import what they are. Nothing is said about what cannot be read:
 * the import will. Throws `Cancelled`.
 */
export async function previewImport(
  paths: readonly string[],
  kind: SourceKind,
  signal: AbortSignal,
): Promise<ImportPreview> {
  const sizes: { readonly width: number; readonly height: number }[] = [];
  const each = Math.ceil(most / paths.length);
  for (const path of paths.slice(0, most)) {
    sizes.push(...(await quietly(() => sizesOf(path, kind, each, signal))));
    if (sizes.length >= most) break;
  }
  const side = sizes[0]?.width ?? null;
  const alike = sizes.every(({ width, height }) => width === side && height === side);
  return { pictures: sizes.length, side: alike ? side : null };
}

async function sizesOf(
  path: string,
  kind: SourceKind,
  count: number,
  signal: AbortSignal,
): Promise<{ width: number; height: number }[]> {
  // What a folder's layout is does not matter here, and finding it out may take a walk through all of it.
  const folder = (await stat(path)).isDirectory();
  const source = await openSource(path, { kind: folder ? 'flat' : kind, signal });
  const sizes: { width: number; height: number }[] = [];
  for await (const item of source.items(signal)) {
    if (item.kind !== 'photo') continue;
    const input = item.location.type === 'file' ? item.location.path : item.location.bytes;
    sizes.push(...(await quietly(async () => [await probeImage(input, { name: item.key })])));
    if (sizes.length >= count) break;
  }
  return sizes;
}

/** Nothing, where it fails because of what is on the disk. */
async function quietly<T>(read: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await read();
  } catch (thrown) {
    const disk = thrown instanceof LineamentError || (thrown instanceof Error && 'code' in thrown);
    if (disk) return [];
    throw thrown;
  }
}
