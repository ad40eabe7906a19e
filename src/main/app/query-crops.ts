import { randomBytes } from 'node:crypto';

/** Crops of pictures that were searched for: shown for a while, never written to the disk. */
export interface QueryCrops {
  keep(png: Uint8Array): string;
  get(query: string): Uint8Array | null;
}

const kept = 200;

export function queryCrops(): QueryCrops {
  const crops = new Map<string, Uint8Array>();
  return {
    keep: (png) => {
      const query = randomBytes(12).toString('hex');
      crops.set(query, png);
      for (const oldest of crops.keys()) {
        if (crops.size <= kept) break;
        crops.delete(oldest);
      }
      return query;
    },
    get: (query) => crops.get(query) ?? null,
  };
}
