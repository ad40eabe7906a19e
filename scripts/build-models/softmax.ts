import { floatTensor, node } from '../../src/core/onnx/build.ts';
import type { OnnxModel, OnnxTensor } from '../../src/core/onnx/types.ts';

/**
 * The same model with a softmax over a convolution's two channels as a sigmoid, which onnxruntime puts into the
 * convolution: softmax(z)₀ = σ(z₀ − z₁) and softmax(z)₁ = σ(z₁ − z₀), and the weights take up the differences.
 * A tenth of MTCNN's first network was that softmax.
 */
export function softmaxAsSigmoid(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const nodes = graph.nodes.map((old) => {
    const axis = old.attributes.get('axis');
    if (old.op !== 'Softmax' || axis?.kind !== 'int' || axis.value !== 1) return old;
    const conv = graph.nodes.find(({ outputs }) => outputs[0] === old.inputs[0]);
    const users = graph.nodes.filter(({ inputs }) => inputs.includes(old.inputs[0] ?? ''));
    const weights = conv?.inputs.slice(1).map((name) => constants.get(name)) ?? [];
    const shared = graph.nodes.some(
      (other) => other !== conv && other.inputs.some((name) => conv?.inputs.slice(1).includes(name)),
    );
    if (conv?.op !== 'Conv' || users.length > 1 || shared || !weights.every(hasTwoChannels)) return old;
    for (const tensor of weights) {
      const half = tensor.data.length / 2;
      const difference = tensor.data.map((value, i) => value - (tensor.data[(i + half) % (2 * half)] ?? 0));
      constants.set(tensor.name, floatTensor(tensor.name, tensor.dims, difference));
    }
    return node('Sigmoid', old.inputs, old.outputs);
  });
  return { ...model, graph: { ...graph, nodes, initializers: [...constants.values()] } };
}

function hasTwoChannels(tensor: OnnxTensor | undefined): tensor is OnnxTensor & { type: 'float32' } {
  return tensor?.type === 'float32' && tensor.dims[0] === 2;
}
