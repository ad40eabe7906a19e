import { hasCode } from '../../core/base/errors.ts';
import { simplify } from '../../core/compile/4-simplify.ts';
import { emit } from '../../core/compile/5-emit.ts';
import { input } from '../../core/graph/builder.ts';
import { count } from '../../core/graph/shape.ts';
import type { Shape } from '../../core/graph/value.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { blockedConv } from '../../core/ops/blocked-conv.ts';
import { conv } from '../../core/ops/conv.ts';
import { convAttributes } from '../../core/ops/conv-shape.ts';
import { openSession } from './session.ts';

const picture: Shape = [1, 32, 5, 6];
const filters: Shape = [32, 1, 3, 3];

/**
 * How many channels lie side by side in the blocks of onnxruntime's convolutions on this processor, or null where it has
 * none. onnxruntime does not say; a small convolution that comes out right does. Takes some milliseconds.
 */
export async function detectBlock(): Promise<number | null> {
  for (const block of [16, 8, 4]) if (await works(block)) return block;
  return null;
}

async function works(block: number): Promise<boolean> {
  const [x, w] = [input('x', picture), input('w', filters)];
  const attributes = convAttributes({ padding: 1, groups: 32 });
  const [plain, blocked] = simplify([conv(x, w, attributes), blockedConv(x, w, { ...attributes, block })]);
  if (!plain || !blocked) return false;
  const model = emit(new Map(Object.entries({ plain, blocked })), { name: `blocks of ${block}` });
  try {
    const session = await openSession({ name: model.graph.name, bytes: writeOnnx(model) }, { threads: 1 });
    try {
      // numbers of which no two are the same, so that a wrong order shows
      const data = (shape: Shape) => Float32Array.from({ length: count(shape) }, (_, i) => Math.sin(i + 1));
      const feeds = {
        x: { shape: picture, data: data(picture) },
        w: { shape: filters, data: data(filters) },
      };
      const { plain: wanted, blocked: got } = await session.run(feeds);
      return Array.from(wanted?.data ?? [], Number).every(
        (value, i) => Math.abs(value - Number(got?.data[i])) < 1e-4,
      );
    } finally {
      await session.close();
    }
  } catch (thrown) {
    // no such kernel on this processor
    if (hasCode(thrown, 'engine/model-damaged') || hasCode(thrown, 'engine/run-failed')) return false;
    throw thrown;
  }
}
