import { setImmediate } from 'node:timers/promises';
import { Cancelled } from '../../core/base/errors.ts';
import { alignedTo } from '../../core/maps/procrustes.ts';
import { openTsne, type PlaneLayout } from '../../core/maps/tsne.ts';
import { openUmap } from '../maps/umap.ts';
import type { Job, JobContext } from './job.ts';
import { loadVectors, type VectorRows } from './load-vectors.ts';
import { nearestOthers } from './nearest-others.ts';

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

const showEveryMs = 250;

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
  const { width } = model;
  const found = await nearestOthers({ vectors, width, k }, threads, { ...context, progress: () => {} });
  const squares = Float64Array.from(found.similarities, (cosine) => Math.max(0, 2 - 2 * cosine));
  const near = { count, k, indices: found.indices, squares };
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
