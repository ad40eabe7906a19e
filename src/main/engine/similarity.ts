import { assert, defined } from '../../core/base/assert.ts';
import { int, node } from '../../core/onnx/build.ts';
import type { OnnxModel } from '../../core/onnx/types.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { openSession, type Session } from './session.ts';

/** Cosine similarities of unit vectors, as one matrix product; exact. Close it. */
export interface SimilarityEngine {
  /** Every query [q, width] with every row [n, width]: [q, n]. */
  scores(queries: Float32Array, rows: Float32Array): Promise<Float32Array>;
  /** The `k` rows that are most like each query, best first: both [q, k]. */
  nearest(
    queries: Float32Array,
    rows: Float32Array,
    k: number,
  ): Promise<{ readonly rows: BigInt64Array; readonly scores: Float32Array }>;
  close(): Promise<void>;
}

const floats = (name: string, shape: readonly (number | string)[]) => ({
  name,
  type: 'float32' as const,
  shape,
});

function productGraph(width: number, top: boolean): OnnxModel {
  const product = node('Gemm', ['queries', 'rows'], ['scores'], { transB: int(1) });
  const best = node('TopK', ['scores', 'k'], ['best', 'index'], { axis: int(-1), sorted: int(1) });
  return {
    irVersion: 9,
    opsets: new Map([['', 17]]),
    producer: 'lineament',
    producerVersion: '',
    metadata: new Map(),
    graph: {
      name: top ? 'nearest' : 'similarity',
      nodes: top ? [product, best] : [product],
      initializers: [],
      inputs: [
        floats('queries', ['q', width]),
        floats('rows', ['n', width]),
        ...(top ? [{ name: 'k', type: 'int64' as const, shape: [1] }] : []),
      ],
      outputs: top
        ? [floats('best', ['q', 'k']), { name: 'index', type: 'int64' as const, shape: ['q', 'k'] }]
        : [floats('scores', ['q', 'n'])],
      values: [],
    },
  };
}

export async function openSimilarity(width: number, threads: number): Promise<SimilarityEngine> {
  const open = (top: boolean): Promise<Session> =>
    openSession({ name: 'similarity', bytes: writeOnnx(productGraph(width, top)) }, { threads });
  const product = await open(false);
  const nearest = await open(true);
  const matrix = (data: Float32Array) => {
    assert(data.length % width === 0, `${data.length} numbers in rows of ${width}`);
    return { shape: [data.length / width, width], data };
  };
  return {
    scores: async (queries, rows) => {
      const { scores } = await product.run({ queries: matrix(queries), rows: matrix(rows) });
      const data = defined(scores, 'scores').data;
      assert(data instanceof Float32Array, 'scores are float32');
      return data;
    },
    nearest: async (queries, rows, k) => {
      const feeds = { queries: matrix(queries), rows: matrix(rows) };
      const { best, index } = await nearest.run({
        ...feeds,
        k: { shape: [1], data: BigInt64Array.of(BigInt(Math.min(k, feeds.rows.shape[0] ?? 0))) },
      });
      const scores = defined(best, 'best').data;
      const found = defined(index, 'index').data;
      assert(
        scores instanceof Float32Array && found instanceof BigInt64Array,
        'TopK gives float32 and int64',
      );
      return { rows: found, scores };
    },
    close: async () => {
      await product.close();
      await nearest.close();
    },
  };
}
