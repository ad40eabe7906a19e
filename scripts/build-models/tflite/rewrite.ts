import { constantValues, floatConstant, intConstant, tensorAt } from './constants.ts';
import type { TfliteModel, TfliteOperator, TfliteTensor } from './model.ts';
import { noOptions } from './operators.ts';

/**
 * Rewrites that undo what older exporters did to a graph: half-precision weights widened at run time, PReLU and
 * softmax taken apart. Each rule is pattern, check, rewrite, and computes the same up to rounding.
 */
export function simplifyTflite(model: TfliteModel): TfliteModel {
  return withoutDead(fuseSoftmax(fusePrelu(foldDequantize(model))));
}

type Producers = ReadonlyMap<number, TfliteOperator>;

const producersOf = (model: TfliteModel): Producers =>
  new Map(
    model.operators.flatMap((operator) => operator.outputs.map((output) => [output, operator] as const)),
  );

/** The operator that made a tensor, if it is of this kind. */
function madeBy(producers: Producers, index: number | undefined, kind: string): TfliteOperator | null {
  const operator = index === undefined ? undefined : producers.get(index);
  return operator?.kind === kind ? operator : null;
}

/** DEQUANTIZE of a float16 constant is that constant in float32. */
function foldDequantize(model: TfliteModel): TfliteModel {
  const tensors = [...model.tensors];
  const operators = model.operators.filter((operator) => {
    const source = tensorAt(model, operator.inputs[0] === -1 ? undefined : operator.inputs[0]);
    if (operator.kind !== 'DEQUANTIZE' || source.data === null) return true;
    const output = operator.outputs[0] ?? -1;
    const data = new Uint8Array(constantValues(model, source).buffer);
    tensors[output] = { ...tensorAt(model, output), data };
    return false;
  });
  return { ...model, tensors, operators };
}

/** relu(x) + a·min(x, 0) = PReLU(x, a), where min(x, 0) is −relu(−x) or (x − |x|)/2. */
function fusePrelu(model: TfliteModel): TfliteModel {
  const producers = producersOf(model);
  const tensors = [...model.tensors];
  const operators = model.operators.map((operator): TfliteOperator => {
    if (operator.kind !== 'ADD' || operator.options.activation !== 'none') return operator;
    const relu = madeBy(producers, operator.inputs[0], 'RELU');
    const product = madeBy(producers, operator.inputs[1], 'MUL');
    const [slope, negative] = product?.inputs ?? [];
    const x = relu?.inputs[0];
    if (x === undefined || slope === undefined || tensorAt(model, slope).data === null) return operator;
    const factor = negativePartFactor(producers, negative, x);
    if (factor === null) return operator;
    const data = floatConstant(model, slope).map((value) => value * factor);
    const alpha = tensors.push(constantOf(tensorAt(model, slope), data)) - 1;
    return { kind: 'PRELU', inputs: [x, alpha], outputs: operator.outputs, options: noOptions };
  });
  return { ...model, tensors, operators };
}

/** f where tensor = f·min(x, 0), or null where it is nothing of the kind. */
function negativePartFactor(producers: Producers, tensor: number | undefined, x: number): number | null {
  const outer = madeBy(producers, tensor, 'NEG');
  const relu = madeBy(producers, outer?.inputs[0], 'RELU');
  const inner = madeBy(producers, relu?.inputs[0], 'NEG');
  if (inner?.inputs[0] === x) return 1;
  const difference = madeBy(producers, tensor, 'SUB');
  const absolute = madeBy(producers, difference?.inputs[1], 'ABS');
  return difference?.inputs[0] === x && absolute?.inputs[0] === x ? 2 : null;
}

/** e / Σe with e = exp(x − max x), both over the last axis, is softmax(x). */
function fuseSoftmax(model: TfliteModel): TfliteModel {
  const producers = producersOf(model);
  const operators = model.operators.map((operator): TfliteOperator => {
    const exp = operator.kind === 'DIV' ? madeBy(producers, operator.inputs[0], 'EXP') : null;
    const sum = madeBy(producers, operator.inputs[1], 'SUM');
    const difference = madeBy(producers, exp?.inputs[0], 'SUB');
    const largest = madeBy(producers, difference?.inputs[1], 'REDUCE_MAX');
    const x = difference?.inputs[0];
    if (exp === null || sum === null || largest === null || x === undefined) return operator;
    const last = tensorAt(model, x).shape.length - 1;
    const overLast = [sum, largest].every((reduction) =>
      intConstant(model, reduction.inputs[1]).every((axis) => axis === last || axis === -1),
    );
    if (sum.inputs[0] !== exp.outputs[0] || largest.inputs[0] !== x || !overLast) return operator;
    return { kind: 'SOFTMAX', inputs: [x], outputs: operator.outputs, options: noOptions };
  });
  return { ...model, operators };
}

/** Without operators whose results nobody uses. */
function withoutDead(model: TfliteModel): TfliteModel {
  const used = new Set(model.outputs);
  const operators: TfliteOperator[] = [];
  for (const operator of model.operators.toReversed()) {
    if (!operator.outputs.some((output) => used.has(output))) continue;
    for (const input of operator.inputs) used.add(input);
    operators.push(operator);
  }
  return { ...model, operators: operators.reverse() };
}

function constantOf(like: TfliteTensor, data: Float32Array): TfliteTensor {
  return { ...like, type: 'float32', data: new Uint8Array(new Float32Array(data).buffer) };
}
