import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { floatTensor } from '../../core/onnx/build.ts';
import type { OnnxModel, OnnxNode } from '../../core/onnx/types.ts';

/**
 * Runs whose results are only written where they are wanted. onnxruntime-node (1.30) writes results into the tensors that it
 * is given, and then copies each of them into new memory for what `run` returns. Of a training step that is all of the state:
 * a tenth to a quarter of the step's time, and as much memory again. It begins to copy when everything has been computed,
 * and it says that it can't where a result is no tensor; so the first result is a list of tensors, and nothing is copied.
 * Where a later version returns lists, too, nothing fails and all is copied.
 */

const unwanted = 'unwanted';
/** What onnxruntime-node says of the list. */
const refusal = 'Non tensor type is temporarily not supported.';

/** The same network with a list of one number as its first result. */
export function withUnwanted(model: OnnxModel): OnnxModel {
  const { nodes, initializers, outputs } = model.graph;
  const number = `${unwanted}:number`;
  const node: OnnxNode = {
    ...{ name: unwanted, op: 'SequenceConstruct', domain: '' },
    ...{ inputs: [number], outputs: [unwanted], attributes: new Map() },
  };
  return {
    ...model,
    graph: {
      ...model.graph,
      nodes: [node, ...nodes],
      initializers: [floatTensor(number, [], Float32Array.of(0)), ...initializers],
      outputs: [{ name: unwanted, type: null, shape: null }, ...outputs],
    },
  };
}

/** Runs a network, made by `withUnwanted` or not, into the tensors `results`. */
export async function runInto(
  native: InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
  results: Readonly<Record<string, Tensor>>,
): Promise<void> {
  const listed = native.outputNames.includes(unwanted);
  try {
    await native.run(feeds, listed ? { [unwanted]: null, ...results } : results);
  } catch (thrown) {
    if (!(listed && thrown instanceof Error && thrown.message === refusal)) throw thrown;
  }
}
