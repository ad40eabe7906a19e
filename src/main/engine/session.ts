import { access } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { assert } from '../../core/base/assert.ts';
import { error } from '../../core/base/errors.ts';
import { defaultProvider, type Provider } from './providers.ts';
import { fits, shapeText, type Tensor, type TensorInfo, tensorType } from './tensor.ts';

export interface EngineOptions {
  /** What runs the network; `cpu` unless told otherwise. */
  readonly provider?: Provider;
  /** Threads of one run on the processor; 2 unless told otherwise. */
  readonly threads?: number;
  /**
   * Whether memory is laid out beforehand from the second run on; true unless told otherwise. The blocks of the first run
   * stay, so that a network with large values in between takes twice the memory.
   */
  readonly memoryPlan?: boolean;
  /**
   * Whether onnxruntime rewrites the graph before it runs; true unless told otherwise. A compiled step of training is as it
   * should be already: there it takes four fifths of the time to open and makes no step faster.
   */
  readonly rewrite?: boolean;
  /** Results that stay in the device's own memory and are fed from there again; for tensors of WebGPU, by openNative. */
  readonly onDevice?: readonly string[];
}

/**
 * A loaded network. `run` computes on the calling thread and blocks its event loop for as long as that takes, so that
 * heavy networks belong into a worker. Close it: its memory is not the garbage collector's.
 */
export interface Session {
  readonly path: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Outputs by name. Throws `engine/wrong-input` where a name, type or shape is not the network's. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  close(): Promise<void>;
}

/** A network in memory, under a name for errors to speak of. */
export interface NetworkBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Loads a network from an ONNX file or from memory.
 * Throws `engine/model-missing`, `engine/provider-unavailable` or `engine/model-damaged`.
 */
export async function openSession(
  network: string | NetworkBytes,
  options: EngineOptions = {},
): Promise<Session> {
  const path = typeof network === 'string' ? network : network.name;
  return new OnnxSession(path, await openNative(network, options));
}

/** The same as onnxruntime's own session, for those who keep its tensors. */
export async function openNative(
  network: string | NetworkBytes,
  options: EngineOptions = {},
): Promise<InferenceSession> {
  const {
    provider = defaultProvider,
    threads = 2,
    memoryPlan = true,
    rewrite = true,
    onDevice = [],
  } = options;
  const path = typeof network === 'string' ? network : network.name;
  if (typeof network === 'string') {
    await access(network).catch(() => {
      throw error('engine/model-missing', { path });
    });
  }
  const { InferenceSession } = await import('onnxruntime-node');
  try {
    const settings: InferenceSession.SessionOptions = {
      // alone: with `cpu` beside it a provider that is not there is passed over in silence
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      enableMemPattern: memoryPlan,
      graphOptimizationLevel: rewrite ? 'all' : 'disabled',
      logSeverityLevel: 3,
      ...(onDevice.length > 0 && {
        preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer'] as const)),
      }),
      // a waiting thread that spins takes a processor from decoding, or from another worker
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    };
    return await (typeof network === 'string'
      ? InferenceSession.create(network, settings)
      : InferenceSession.create(network.bytes, settings));
  } catch (thrown) {
    throw openError(thrown, path, provider);
  }
}

/** A failure to load: the provider's where onnxruntime speaks of providers or libraries, otherwise the file's. */
function openError(thrown: unknown, path: string, provider: Provider): Error {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  const aboutProvider = /ExecutionProvider_|shared library|available backend|adapter|webgpu|cuda/i.test(
    detail,
  );
  if (provider !== 'cpu' && aboutProvider)
    return error('engine/provider-unavailable', { provider, detail }, thrown);
  return error('engine/model-damaged', { path, detail }, thrown);
}

/** A failure of a network that had been loaded. */
export function runFailed(path: string, thrown: unknown): Error {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return error('engine/run-failed', { path, detail }, thrown);
}

function infos(metadata: readonly InferenceSession.ValueMetadata[]): readonly TensorInfo[] {
  return metadata.map((value) => ({
    name: value.name,
    type: value.isTensor ? value.type : 'not a tensor',
    shape: value.isTensor ? value.shape.map((size) => (typeof size === 'number' ? size : null)) : [],
  }));
}

class OnnxSession implements Session {
  readonly path: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  #native: InferenceSession | null;

  constructor(path: string, native: InferenceSession) {
    this.path = path;
    this.inputs = infos(native.inputMetadata);
    this.outputs = infos(native.outputMetadata);
    this.#native = native;
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    assert(this.#native !== null, `${this.path} is closed`);
    const ort = await import('onnxruntime-node');
    const native: Record<string, InstanceType<typeof ort.Tensor>> = {};
    for (const { name, type, shape } of this.inputs) {
      const given = feeds[name];
      const got = given ? `${tensorType(given.data)} ${shapeText(given.shape)}` : 'nothing';
      if (!given || tensorType(given.data) !== type || !fits(given.shape, shape))
        throw error('engine/wrong-input', {
          path: this.path,
          name,
          wanted: `${type} ${shapeText(shape)}`,
          got,
        });
      native[name] = new ort.Tensor(tensorType(given.data), given.data, given.shape);
    }
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await this.#native.run(native);
    } catch (thrown) {
      throw runFailed(this.path, thrown);
    }
    const out: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(results)) {
      assert('data' in value && 'dims' in value, `${name} is a tensor`);
      const data: unknown = value.data;
      assert(
        data instanceof Float32Array ||
          data instanceof Uint8Array ||
          data instanceof Int32Array ||
          data instanceof BigInt64Array,
        `the type of ${name} is known`,
      );
      out[name] = { shape: value.dims, data };
    }
    return out;
  }

  async close(): Promise<void> {
    const native = this.#native;
    this.#native = null;
    await native?.release();
  }
}
