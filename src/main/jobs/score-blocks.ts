import { Cancelled } from '../../core/base/errors.ts';
import type { ScoreBlock } from '../../core/metrics/top-scores.ts';
import { openSimilarity } from '../engine/similarity.ts';

/** Unit embeddings by one model, [rows, width]. */
export interface UnitRows {
  readonly width: number;
  readonly values: Float32Array;
}

/** Columns of a block: with a few thousand probes its scores take tens of megabytes. */
export const blockColumns = 2048;

export interface BlockOptions {
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
  /** Columns of a block, where it is not the usual number. */
  readonly columns?: number;
}

/**
 * Cosines of every probe with every gallery entry, a block of entries after the other; of several models their mean.
 * `probes`: by model; `load`: gives the entries `from` … `from + count` by each model. Memory: two blocks, whatever the
 * gallery. Throws `Cancelled`.
 */
export async function scoreBlocks(
  probes: readonly UnitRows[],
  entries: number,
  load: (from: number, count: number) => Promise<readonly UnitRows[]>,
  each: (block: ScoreBlock) => void,
  { threads, signal, progress, columns = blockColumns }: BlockOptions,
): Promise<void> {
  const engines = await Promise.all(probes.map(({ width }) => openSimilarity(width, threads)));
  const [first] = probes;
  const rows = first === undefined ? 0 : first.values.length / first.width;
  try {
    for (let entry = 0; entry < entries; entry += columns) {
      if (signal.aborted) throw new Cancelled();
      const count = Math.min(columns, entries - entry);
      const block = await load(entry, count);
      let scores: Float32Array | null = null;
      for (const [i, engine] of engines.entries()) {
        const own = await engine.scores(
          probes[i]?.values ?? new Float32Array(),
          block[i]?.values ?? new Float32Array(),
        );
        scores = scores === null ? own : added(scores, own);
      }
      if (scores === null) return;
      if (engines.length > 1)
        for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) / engines.length;
      each({ probe: 0, entry, rows, columns: count, scores });
      progress(entry + count, entries);
      // Lets messages in between two products.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
}

function added(sums: Float32Array, more: Float32Array): Float32Array {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (more[i] ?? 0);
  return sums;
}
