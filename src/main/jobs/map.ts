import { setImmediate } from 'node:timers/promises';
import { Cancelled } from '../../core/base/errors.ts';
import type { Neighbours } from '../../core/maps/neighbours.ts';
import { alignedTo } from '../../core/maps/procrustes.ts';
import { openTsne, type PlaneLayout } from '../../core/maps/tsne.ts';
import { openSimilarity } from '../engine/similarity.ts';
import { openUmap } from '../maps/umap.ts';
import type { Job, JobContext } from './job.ts';
import { loadVectors, type VectorRows } from './load-vectors.ts';

export interface MapSetup {
  /** Embeddings of the same crops by each model. */
  readonly models: readonly VectorRows[];
  readonly method: 'tsne' | 'umap';
  /** Perplexity of t-SNE, neighbours of UMAP. */
  readonly neighbours: number;
  readonly epochs: number;
  readonly seed: number;
  readonly threads: number;
}

export interface MapHost {
  /** How far a model's map is. [n, 2] */
  show(map: {
    readonly model: number;
    readonly epoch: number;
    readonly positions: Float32Array;
  }): Promise<void>;
}

/** Points compared with all others in one product. */
const block = 256;
const showEveryMs = 250;

/** The `k` nearest others by cosine, exactly. `vectors`: unit, [n, width]. */
async function nearestOthers(
  { vectors, width, k }: { readonly vectors: Float32Array; readonly width: number; readonly k: number },
  threads: number,
  signal: AbortSignal,
): Promise<Neighbours> {
  const count = vectors.length / width;
  const indices = new Int32Array(count * k);
  const squares = new Float64Array(count * k);
  const engine = await openSimilarity(width, threads);
  try {
    for (let start = 0; start < count; start += block) {
      await setImmediate();
      if (signal.aborted) throw new Cancelled();
      const queries = vectors.subarray(start * width, Math.min(count, start + block) * width);
      const found = await engine.nearest(queries, vectors, k + 1);
      for (let i = 0; i < queries.length / width; i++) {
        let at = (start + i) * k;
        // One of them is the point itself, though not always the first: others may be the same picture.
        for (let m = 0; m <= k && at < (start + i + 1) * k; m++) {
          const other = Number(found.rows[i * (k + 1) + m]);
          if (other === start + i) continue;
          indices[at] = other;
          squares[at++] = Math.max(0, 2 - 2 * (found.scores[i * (k + 1) + m] ?? 0));
        }
      }
    }
  } finally {
    await engine.close();
  }
  return { count, k, indices, squares };
}

async function openLayout(
  setup: MapSetup,
  model: VectorRows,
  context: JobContext,
): Promise<PlaneLayout & { readonly count: number }> {
  const { method, neighbours, epochs, seed, threads } = setup;
  const vectors = await loadVectors(model);
  const count = model.rows.length;
  // t-SNE's Gaussians reach three perplexities far.
  const k = Math.min(count - 1, method === 'tsne' ? 3 * neighbours : neighbours);
  const near = await nearestOthers({ vectors, width: model.width, k }, threads, context.signal);
  const { positions, step } =
    method === 'tsne'
      ? openTsne(near, { perplexity: neighbours, epochs, seed })
      : openUmap(near, { epochs, seed });
  return { positions, step, count };
}

/**
 * Lays out embeddings in the plane, one model after the other in turns so that both can be watched; the maps of later ones
 * are laid onto the first's. Summary: `points`, `epochs`.
 */
export const mapJob: Job<MapSetup, MapHost> = async (setup, host, context) => {
  const layouts: PlaneLayout[] = [];
  let points = 0;
  for (const model of setup.models) {
    const { count, ...layout } = await openLayout(setup, model, context);
    points = count;
    layouts.push(layout);
  }
  const show = async (epoch: number): Promise<void> => {
    const first = layouts[0]?.positions;
    for (const [model, { positions }] of layouts.entries()) {
      const laid = model === 0 || first === undefined ? positions : alignedTo(first, positions);
      await host.show({ model, epoch, positions: Float32Array.from(laid) });
    }
  };
  let shown = 0;
  for (let epoch = 1; epoch <= setup.epochs; epoch++) {
    await setImmediate();
    if (context.signal.aborted) throw new Cancelled();
    for (const layout of layouts) layout.step();
    context.progress(epoch, setup.epochs);
    if (performance.now() - shown < showEveryMs && epoch < setup.epochs) continue;
    await show(epoch);
    shown = performance.now();
  }
  return { points, epochs: setup.epochs };
};
