import { defined } from '../base/assert.ts';
import { range, side } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { type Conv2dOptions, conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { outputLayer } from '../layers/output.ts';
import { outputFlat } from '../layers/output-flat.ts';
import { add } from '../ops/add.ts';
import { relu } from '../ops/relu.ts';
import { resize } from '../ops/resize.ts';
import type { Backbone } from './backbone.ts';
import { outputOption } from './options.ts';

/** Convolution and normalisation, which begin as He's. */
function plain(net: Net, name: string, x: Value, options: Conv2dOptions): Value {
  return batchNorm(net, `${name}.bn`, conv2d(net, `${name}.conv`, x, { initial: 'he', ...options }));
}

const bent = (net: Net, name: string, x: Value, options: Conv2dOptions): Value =>
  relu(plain(net, name, x, options));

const three = (out: number, stride = 1): Conv2dOptions => ({ out, kernel: 3, stride, padding: 1 });

/** Two 3×3 with a shortcut. */
function basic(net: Net, name: string, x: Value): Value {
  const out = side(x.shape, 1);
  const y = bent(net, `${name}.1`, x, three(out));
  return relu(add(plain(net, `${name}.2`, y, three(out)), x));
}

/** 1×1 to a quarter, 3×3, 1×1 to `out`. */
function bottleneck(net: Net, name: string, x: Value, out: number): Value {
  let y = bent(net, `${name}.1`, x, { out: out / 4, kernel: 1 });
  y = bent(net, `${name}.2`, y, three(out / 4));
  y = plain(net, `${name}.3`, y, { out, kernel: 1 });
  const same = side(x.shape, 1) === out;
  return relu(add(y, same ? x : plain(net, `${name}.shortcut`, x, { out, kernel: 1 })));
}

/** From the branches of the stage before to one more: each to its width, the new one by 3×3 of stride 2. */
function transition(
  net: Net,
  name: string,
  branches: readonly Value[],
  widths: readonly number[],
): readonly Value[] {
  return widths.map((width, i) => {
    const from = branches[i];
    if (from) return side(from.shape, 1) === width ? from : bent(net, `${name}.${i}`, from, three(width));
    return bent(net, `${name}.${i}`, defined(branches.at(-1), 'a branch'), three(width, 2));
  });
}

/** Branch j for branch i: by 3×3 of stride 2 downwards, by 1×1 and repeated pixels upwards. */
function exchanged(net: Net, name: string, from: Value, to: Value, steps: number): Value {
  const out = side(to.shape, 1);
  if (steps < 0) {
    const thin = plain(net, name, from, { out, kernel: 1 });
    return resize(thin, [side(to.shape, 2), side(to.shape, 3)], { mode: 'nearest' });
  }
  let y = from;
  for (const k of range(steps - 1)) y = bent(net, `${name}.${k}`, y, three(side(from.shape, 1), 2));
  return plain(net, `${name}.${steps - 1}`, y, three(out, 2));
}

/** Four basic units a branch, and then every branch is the sum of all. */
function exchange(net: Net, name: string, inputs: readonly Value[]): readonly Value[] {
  const branches = inputs.map((input, i) =>
    range(4).reduce((x, k) => basic(net, `${name}.branch${i}.${k}`, x), input),
  );
  return branches.map((to, i) => {
    const parts = branches.map((from, j) =>
      i === j ? from : exchanged(net, `${name}.fuse${i}.${j}`, from, to, i - j),
    );
    return relu(parts.reduce(add));
  });
}

/** Widths before the embedding, from the finest branch to the coarsest, and of the whole. */
const gathered = [128, 256, 512, 1024] as const;
const last = 2048;

/** Every branch widened and added to the next coarser one. */
function gather(net: Net, branches: readonly Value[], part: number): Value {
  const wide = branches.map((x, i) => bottleneck(net, `gather.${i}`, x, (gathered[i] ?? 0) / part));
  const map = wide.reduce((finer, x, i) =>
    add(x, bent(net, `gather.down${i}`, finer, { ...three(side(x.shape, 1), 2), bias: true })),
  );
  return bent(net, 'gather.last', map, { out: last / part, kernel: 1, bias: true });
}

export interface HrnetSizes {
  /** Of the finest branch; every coarser one has twice as many. */
  readonly width: number;
  /** Exchanges in the stages of two, three and four branches. */
  readonly exchanges: readonly [number, number, number];
  /** Divides the widths before and after the branches; 1 in the paper. */
  readonly part?: number;
}

export function hrnet({ width, exchanges, part = 1 }: HrnetSizes): Backbone {
  const trunk: Backbone['trunk'] = (net, pictures) => {
    let x = bent(net, 'stem1', pictures, three(64 / part, 2));
    x = bent(net, 'stem2', x, three(64 / part));
    for (const k of range(4)) x = bottleneck(net, `stage1.${k}`, x, 256 / part);
    let branches: readonly Value[] = [x];
    exchanges.forEach((times, stage) => {
      const widths = range(stage + 2).map((i) => width * 2 ** i);
      branches = transition(net, `stage${stage + 2}.start`, branches, widths);
      for (const k of range(times)) branches = exchange(net, `stage${stage + 2}.${k}`, branches);
    });
    return gather(net, branches, part);
  };
  return {
    name: `hrnet-w${width}`,
    title: `HRNet-W${width}`,
    family: 'HRNet',
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 512, dropout: 0, output: 'own' },
    options: [outputOption],
    trunk,
    build: (net, pictures, settings) =>
      outputLayer(net, trunk(net, pictures, settings), settings, outputFlat),
  };
}

/**
 * HRNet-W18-C (Wang et al. 2020) as FaceX-Zoo has it: the stem's second 3×3 has stride 1, so that 112 px are branches of
 * 56, 28, 14 and 7 and end as 7×7. The trunk has the paper's 19,250,004 parameters; with the embedding's matrix from all
 * of the map 70,631,252.
 */
export const hrnetW18 = hrnet({ width: 18, exchanges: [1, 4, 3] });
