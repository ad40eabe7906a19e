import { inputOp, isNode, scalarValue } from './leaves.ts';
import type { Value } from './value.ts';
import { topological } from './walk.ts';

/** A graph as text, one value a line: `%3 = mul(%1, %2) [32, 64]`. For tests, and for looking at it. */
export function print(results: readonly Value[]): string {
  const names = new Map<Value, string>();
  const lines: string[] = [];
  for (const value of topological(results)) {
    const number = scalarValue(value);
    if (isNode(value, inputOp)) names.set(value, value.attributes.name);
    else if (number !== null) names.set(value, String(number));
    else {
      const name = `%${lines.length}`;
      const inputs = value.inputs.map((i) => names.get(i) ?? '?').join(', ');
      lines.push(`${name} = ${value.op.name}(${inputs})${attributes(value)} [${value.shape.join(', ')}]`);
      names.set(value, name);
    }
  }
  return [...lines, `return ${results.map((r) => names.get(r) ?? '?').join(', ')}`].join('\n');
}

function attributes(value: Value): string {
  if (value.op.name === 'constant') return '';
  const entries = Object.entries(value.attributes);
  return entries.length === 0 ? '' : ` {${entries.map(([k, v]) => `${k}: ${JSON.stringify(v)}`).join(', ')}}`;
}
