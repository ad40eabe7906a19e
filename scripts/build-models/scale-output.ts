import { error } from '../../src/core/base/errors.ts';
import { floatTensor } from '../../src/core/onnx/build.ts';
import type { OnnxModel } from '../../src/core/onnx/types.ts';

/**
 * The same model with one output multiplied by a number, which the convolution that makes it (through a Flatten or
 * nothing) takes into its weights. Throws `models/bad-source` where something else makes it.
 */
export function scaledOutput(model: OnnxModel, output: string, factor: number): OnnxModel {
  const { graph } = model;
  const maker = (name: string | undefined) => graph.nodes.find(({ outputs }) => outputs[0] === name);
  const last = maker(output);
  const conv = last?.op === 'Flatten' ? maker(last.inputs[0]) : last;
  const users = graph.nodes.filter(({ inputs }) => inputs.includes(conv?.outputs[0] ?? ''));
  if (conv?.op !== 'Conv' || users.length > 1) {
    throw error('models/bad-source', {
      file: graph.name,
      detail: `${output} does not come from a convolution`,
    });
  }
  const constants = new Set(conv.inputs.slice(1));
  const initializers = graph.initializers.map((tensor) => {
    if (!constants.has(tensor.name) || tensor.type !== 'float32') return tensor;
    return floatTensor(
      tensor.name,
      tensor.dims,
      tensor.data.map((value) => value * factor),
    );
  });
  return { ...model, graph: { ...graph, initializers } };
}
