import { halfOf } from '../../src/core/base/half.ts';
import { int, node } from '../../src/core/onnx/build.ts';
import { codeOfType } from '../../src/core/onnx/element-types.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../../src/core/onnx/types.ts';

/**
 * A model of mixed precision by single precision alone, with every result of half precision rounded to it: what a device
 * with half precision computes that sums in single precision inside an operator. onnxruntime's processor would leave most
 * of the rounding out: it puts casts around operators that it has in single precision only, and takes pairs of them away.
 */
export function roundedModel(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const halves = new Set(graph.initializers.filter(({ type }) => type === 'float16').map(({ name }) => name));
  const nodes = graph.nodes.flatMap((one): OnnxNode[] => {
    const [result = ''] = one.outputs;
    if (!givesHalf(one, halves)) return [one];
    halves.add(result);
    const [exact, short] = [`${result}:exact`, `${result}:half`];
    const cast = (from: string, to: string, type: 'float16' | 'float32'): OnnxNode => ({
      ...node('Cast', [from], [to], { to: int(codeOfType(type)) }),
      name: `rounding ${from}`, // the one that it rounds may be called by its result
    });
    const rounding = [cast(exact, short, 'float16'), cast(short, result, 'float32')];
    return [{ ...(one.op === 'Cast' ? toSingle(one) : one), outputs: [exact] }, ...rounding];
  });
  return { ...model, graph: { ...graph, nodes, initializers: graph.initializers.map(inSingle) } };
}

/** The same without any rounding: for devices without half precision, to see all else of it there. */
export function singleModel(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const nodes = graph.nodes.map((one) =>
    one.op === 'Cast' && castsTo(one) === codeOfType('float16') ? toSingle(one) : one,
  );
  return { ...model, graph: { ...graph, nodes, initializers: graph.initializers.map(inSingle) } };
}

const castsTo = (one: OnnxNode): number => {
  const to = one.attributes.get('to');
  return to?.kind === 'int' ? Number(to.value) : 0;
};

function givesHalf(one: OnnxNode, halves: ReadonlySet<string>): boolean {
  if (one.op === 'Cast') return castsTo(one) === codeOfType('float16');
  if (one.op === 'Greater' || one.op === 'Less') return false;
  return one.inputs.some((name) => halves.has(name));
}

/** The rounding itself comes behind it. */
function toSingle(one: OnnxNode): OnnxNode {
  return { ...one, attributes: new Map([['to', int(codeOfType('float32'))]]) };
}

function inSingle(tensor: OnnxTensor): OnnxTensor {
  if (tensor.type !== 'float16') return tensor;
  return { ...tensor, type: 'float32', data: Float32Array.from(tensor.data, halfOf) };
}
