import type { EmbeddingCard } from '../../core/contract/model-card.ts';
import type { ModelPlace } from '../jobs/align.ts';
import type { VectorRows } from '../jobs/load-vectors.ts';
import { benchmarkRows, missingBenchmarkCrops } from '../store/benchmark-crops.ts';
import { mirroredModel } from '../store/embeddings.ts';
import type { Context } from './context.ts';
import type { JobReport } from './queue.ts';
import { embedCrops } from './work/embed-crops.ts';

/** A model on a benchmark, with the mirrored crop's embedding or without. */
export interface WantedEmbeddings {
  readonly model: ModelPlace<EmbeddingCard>;
  readonly benchmark: number;
  readonly mirrored: boolean;
}

const keptAs = ({ model, mirrored }: WantedEmbeddings): string =>
  mirrored ? mirroredModel(model.card.id) : model.card.id;

/** Crops of a benchmark without these embeddings. */
export function missingCrops({ store }: Pick<Context, 'store'>, wanted: WantedEmbeddings): string[] {
  return missingBenchmarkCrops(store, keptAs(wanted), wanted.benchmark, '', Number.MAX_SAFE_INTEGER);
}

/** Computes what is missing; gives how many that were. */
export async function embedBenchmark(
  context: Context,
  wanted: WantedEmbeddings,
  report: JobReport,
  onSaved: (done: number) => void,
): Promise<number> {
  const { benchmark, model, mirrored } = wanted;
  const { store } = context;
  const missing = {
    total: missingCrops(context, wanted).length,
    after: (hash: string, limit: number) =>
      missingBenchmarkCrops(store, keptAs(wanted), benchmark, hash, limit),
  };
  return await embedCrops(context, model, missing, report, onSaved, mirrored);
}

/** Where the embeddings of a benchmark's pictures are, by position. */
export function embeddedRows({ store, library }: Context, wanted: WantedEmbeddings): VectorRows {
  const name = keptAs(wanted);
  return {
    file: library.vectorsPath(name),
    width: wanted.model.card.size,
    rows: benchmarkRows(store, name, wanted.benchmark),
  };
}
