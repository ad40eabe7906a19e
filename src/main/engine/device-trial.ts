import { performance } from 'node:perf_hooks';
import { defined } from '../../core/base/assert.ts';
import { toErrorInfo } from '../../core/base/errors.ts';
import { simplify } from '../../core/compile/4-simplify.ts';
import { emit } from '../../core/compile/5-emit.ts';
import { withCasts } from '../../core/compile/half.ts';
import { input } from '../../core/graph/builder.ts';
import { count, range } from '../../core/graph/shape.ts';
import type { Shape, Value } from '../../core/graph/value.ts';
import { writeOnnx } from '../../core/onnx/write.ts';
import { conv } from '../../core/ops/conv.ts';
import { convAttributes } from '../../core/ops/conv-shape.ts';
import { half, marks } from '../../core/ops/precision.ts';
import { reduceSum } from '../../core/ops/reduce-sum.ts';
import { relu } from '../../core/ops/relu.ts';
import { type Provider, tryProvider } from './providers.ts';
import { openSession } from './session.ts';
import { loadTfjs } from './tfjs/load.ts';

/** What became of trying a device. */
export interface DeviceTrial {
  /** Null where it works, otherwise why it does not. */
  readonly problem: string | null;
  /** Milliseconds of the same small network: on the device, and on the processor beside it. */
  readonly deviceMs: number;
  readonly processorMs: number;
  /** What became of the same network in half precision; left out where that was not tried. */
  readonly half?: HalfTrial;
}

export interface HalfTrial {
  /** Null where it computes what single precision computes. */
  readonly problem: string | null;
  /** Of the same network as `deviceMs`. */
  readonly ms: number;
}

const failed = (problem: string): DeviceTrial => ({ problem, deviceMs: 0, processorMs: 0 });

/**
 * Tries a provider of onnxruntime, for real and against the processor. It may take long or end the process: it belongs
 * into a process of its own (probeDevices of workers/devices.ts).
 */
export async function tryDevice(provider: Provider, threads: number): Promise<DeviceTrial> {
  const problem = await tryProvider(provider);
  if (problem !== null) return failed(plain(problem));
  try {
    const first = await compared(provider, threads, light);
    if (first.problem !== null || first.deviceMs > tooLongMs) return first;
    return await compared(provider, threads, full);
  } catch (thrown) {
    return failed(plain(detailOf(thrown)));
  }
}

/** Tries half precision on a device that works: `trial` is what was found of it. A driver may refuse, or end the process. */
export async function tryHalf(provider: Provider, threads: number, trial: DeviceTrial): Promise<HalfTrial> {
  const load = trial.deviceMs > tooLongMs ? light : full;
  try {
    const inHalf = await timed(provider, threads, load, 'float16');
    const single = await timed(provider, threads, load);
    const problem = close(inHalf.result, single.result)
      ? null
      : 'It computes wrong numbers in half precision.';
    return { problem, ms: inHalf.ms };
  } catch (thrown) {
    return { problem: plain(detailOf(thrown)), ms: 0 };
  }
}

async function compared(provider: Provider, threads: number, load: Load): Promise<DeviceTrial> {
  const processor = await timed('cpu', threads, load);
  const device = provider === 'cpu' ? processor : await timed(provider, threads, load);
  if (!close(device.result, processor.result)) return failed('It computes wrong numbers.');
  return { problem: null, deviceMs: device.ms, processorMs: processor.ms };
}

/** Tries TensorFlow, which has no processor beside it. */
export async function tryTfjs(): Promise<DeviceTrial> {
  try {
    const tf = await loadTfjs();
    const [sum] = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(2)).dataSync());
    return sum === 3 ? { problem: null, deviceMs: 0, processorMs: 0 } : failed('It computes wrong numbers.');
  } catch (thrown) {
    return failed(detailOf(thrown));
  }
}

/** An error's cause, without what the user may do about it in another place. */
function detailOf(thrown: unknown): string {
  const { message, values } = toErrorInfo(thrown);
  return String(values['detail'] ?? message);
}

/** onnxruntime's errors name the node and the line of its source first; what they say to people comes last. */
function plain(problem: string): string {
  const said = problem.trim().split(/ was false\. | ERR: | Status Message: (?:\S+:\d+ \w+ )?|\n/);
  return `onnxruntime says: ${(said.at(-1) ?? problem).replace(/\.?$/, '.')}`;
}

/** Convolutions of a recogniser's middle, one behind the other on some pictures; little is carried there and back. */
interface Load {
  readonly pictures: number;
  readonly layers: number;
}

/** 60 million operations. */
const light: Load = { pictures: 1, layers: 1 };
/** A driver that computes on the processor takes half a second for them, a graphics card five milliseconds. */
const tooLongMs = 100;
/** A billion. */
const full: Load = { pictures: 4, layers: 4 };

const filters: Shape = [64, 64, 3, 3];
const picturesOf = (load: Load): Shape => [load.pictures, 64, 28, 28];

function network(load: Load, precision: 'float32' | 'float16'): Uint8Array {
  const attributes = convAttributes({ padding: 1 });
  const w = input('w', filters);
  const given = input('x', picturesOf(load));
  const first = precision === 'float16' ? half(given) : given;
  const last = range(load.layers).reduce<Value>((x) => relu(conv(x, w, attributes)), first);
  const simple = simplify(
    [reduceSum(last, [0, 2, 3])],
    [],
    marks.map(({ name }) => name),
  );
  const sums = defined(withCasts(simple)[0], 'the sums'); // [64]
  return writeOnnx(emit(new Map([['sums', sums]]), { name: 'trial' }));
}

interface Timed {
  /** The shortest of three runs. */
  readonly ms: number;
  readonly result: readonly number[];
}

async function timed(
  provider: Provider,
  threads: number,
  load: Load,
  precision: 'float32' | 'float16' = 'float32',
): Promise<Timed> {
  const wave = (shape: Shape, size: number) => ({
    shape,
    data: Float32Array.from({ length: count(shape) }, (_, i) => size * Math.sin(i + 1)),
  });
  const feeds = { x: wave(picturesOf(load), 1), w: wave(filters, 0.05) };
  const session = await openSession(
    { name: 'trial', bytes: network(load, precision) },
    { provider, threads },
  );
  try {
    let ms = Number.POSITIVE_INFINITY;
    let result: readonly number[] = [];
    for (const run of range(4)) {
      const start = performance.now();
      const { sums } = await session.run(feeds);
      result = Array.from(sums?.data ?? [], Number);
      // the first run compiles
      if (run > 0) ms = Math.min(ms, performance.now() - start);
    }
    return { ms, result };
  } finally {
    await session.close();
  }
}

/** Graphics cards may round to half the digits inside. */
function close(got: readonly number[], wanted: readonly number[]): boolean {
  const largest = Math.max(...wanted.map(Math.abs));
  return (
    got.length === wanted.length &&
    wanted.every((value, i) => Math.abs(value - (got[i] ?? Number.NaN)) <= 1e-2 * largest)
  );
}
