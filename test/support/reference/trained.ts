import { seededRandom } from '../../../src/core/base/random.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Initial, Net } from '../../../src/core/layers/net.ts';
import { constantOf } from './constant.ts';

/** Numbers as training might leave them: no normalisation is the identity. */
export function randomTrained(net: Net): ReadonlyMap<string, Float32Array> {
  const random = seededRandom(11);
  const pool = Float32Array.from({ length: 65_521 }, () => 2 * random.next() - 1);
  let at = 0;
  const drawn = (shape: readonly number[], middle: number, width: number): Float32Array => {
    const data = new Float32Array(count(shape));
    for (let i = 0; i < data.length; i++) data[i] = middle + width * (pool[at++ % pool.length] ?? 0);
    return data;
  };
  const parameters = net.parameters.map(({ name, shape, initial }) => {
    if (initial.kind === 'constant') return [name, drawn(shape, initial.value, 0.2)] as const;
    return [name, drawn(shape, 0, widthOf(initial))] as const;
  });
  const running = net.running.map(
    ({ name, shape, initial }) => [name, drawn(shape, constantOf(initial), 0.4)] as const,
  );
  return new Map([...parameters, ...running]);
}

/** Of a uniform distribution that is as wide as the first numbers are. */
function widthOf(initial: Exclude<Initial, { readonly kind: 'constant' }>): number {
  switch (initial.kind) {
    case 'xavier':
      return Math.sqrt(6 / (initial.fanIn + initial.fanOut));
    case 'normal':
      return Math.sqrt(3) * initial.deviation;
    case 'uniform':
      return initial.bound;
    case 'given':
      return 0.1;
  }
}
