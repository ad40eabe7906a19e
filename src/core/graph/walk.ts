import type { Value } from './value.ts';

/**
 * Every value that the results need, each once and after its inputs; what is `known` already is left out, with all
 * that it needs. Without recursion: networks are deep.
 */
export function topological(
  results: readonly Value[],
  known: (value: Value) => boolean = () => false,
): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const stack = results.toReversed().map((value) => ({ value, next: 0 }));
  while (stack.length > 0) {
    const top = stack.at(-1);
    if (top === undefined) break;
    const input = top.value.inputs[top.next];
    if (seen.has(top.value) || known(top.value)) stack.pop();
    else if (input === undefined) {
      seen.add(top.value);
      order.push(top.value);
      stack.pop();
    } else {
      top.next += 1;
      if (!seen.has(input)) stack.push({ value: input, next: 0 });
    }
  }
  return order;
}
