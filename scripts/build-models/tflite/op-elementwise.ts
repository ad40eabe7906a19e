import { floatTensor, node } from '../../../src/core/onnx/build.ts';
import type { OnnxNode } from '../../../src/core/onnx/types.ts';
import { floatConstant } from './constants.ts';
import {
  addConstant,
  type Conversion,
  declare,
  isConstant,
  planarName,
  planarOperand,
  rankOf,
} from './context.ts';
import { damaged } from './flatbuffer.ts';
import type { TfliteOperator } from './model.ts';
import type { Activation } from './operators.ts';

/** Adds a node and the activation that TFLite fused into it. `make` is given the name of the node's output. */
export function emitActivation(
  c: Conversion,
  operator: TfliteOperator,
  result: string,
  make: (output: string) => OnnxNode,
): void {
  const { activation } = operator.options;
  if (activation === 'none') {
    c.nodes.push(make(result));
    return;
  }
  const linear = `${result}/linear`;
  c.nodes.push(make(linear), activationNode(c, activation, linear, result));
}

function activationNode(c: Conversion, activation: Activation, input: string, output: string): OnnxNode {
  if (activation === 'relu') return node('Relu', [input], [output]);
  if (activation === 'tanh') return node('Tanh', [input], [output]);
  const [low, high] = activation === 'relu6' ? [0, 6] : [-1, 1];
  const bound = (value: number): string => {
    const name = `bound${value}`;
    const known = c.initializers.some((tensor) => tensor.name === name);
    return known ? name : addConstant(c, floatTensor(name, [], Float32Array.of(value)));
  };
  return node('Clip', [input, bound(low), bound(high)], [output]);
}

const unary: Readonly<Record<string, string>> = {
  RELU: 'Relu',
  LOGISTIC: 'Sigmoid',
  TANH: 'Tanh',
  NEG: 'Neg',
  ABS: 'Abs',
  EXP: 'Exp',
};

export function emitUnary(c: Conversion, operator: TfliteOperator): void {
  const input = planarName(c, operator.inputs[0]);
  const name = declare(c, operator.outputs[0]);
  if (operator.kind === 'RELU6') c.nodes.push(activationNode(c, 'relu6', input, name));
  else c.nodes.push(node(unary[operator.kind] ?? operator.kind, [input], [name]));
}

const binary: Readonly<Record<string, string>> = {
  ADD: 'Add',
  SUB: 'Sub',
  MUL: 'Mul',
  DIV: 'Div',
  MAXIMUM: 'Max',
  MINIMUM: 'Min',
};

export function emitBinary(c: Conversion, operator: TfliteOperator): void {
  const inputs = operator.inputs.map((input) => operand(c, input, operator));
  const name = declare(c, operator.outputs[0]);
  const op = binary[operator.kind] ?? operator.kind;
  emitActivation(c, operator, name, (output) => node(op, inputs, [output]));
}

/** PRELU: x where x > 0, else slope·x; the slope has one value a channel. */
export function emitPrelu(c: Conversion, operator: TfliteOperator): void {
  const input = planarName(c, operator.inputs[0]);
  const slope = operand(c, operator.inputs[1] ?? -1, operator);
  c.nodes.push(node('PRelu', [input, slope], [declare(c, operator.outputs[0])]));
}

function operand(c: Conversion, index: number, operator: TfliteOperator): string {
  const rank = rankOf(c, operator.outputs[0]);
  if (!isConstant(c, index)) {
    if (rankOf(c, index) === rank) return planarName(c, index);
    throw damaged(c.model.name, `${operator.kind} broadcasts an activation of another rank`);
  }
  if (rank === 4) return planarOperand(c, index);
  const known = c.planar.get(index);
  if (known !== undefined) return known;
  const shape = c.model.tensors[index]?.shape ?? [];
  const name = addConstant(c, floatTensor(`c${index}`, shape, floatConstant(c.model, index)));
  c.planar.set(index, name);
  return name;
}
