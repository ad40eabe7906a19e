import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { error } from '../../core/base/errors.ts';

/** What can run a network, best known first in `order`: the processor, or a graphics card by one of its interfaces. */
export const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Provider = (typeof providers)[number];

export const defaultProvider: Provider = 'cpu';

export interface ProviderState {
  readonly provider: Provider;
  /** True where this installation brings the provider; whether a card is there shows only when it is tried. */
  readonly installed: boolean;
  /** Why not, or what it needs. Empty for the processor. */
  readonly reason: string;
}

interface Platform {
  readonly platform: string;
  readonly arch: string;
}

const needs: Readonly<Record<Provider, string>> = {
  cpu: '',
  webgpu: 'Needs a graphics card with a Vulkan, Metal or Direct3D 12 driver.',
  cuda: 'Needs Linux on x64, an NVIDIA card with CUDA 12, and the CUDA libraries of onnxruntime-node.',
  dml: 'Needs Windows and a graphics card with Direct3D 12.',
  coreml: 'Needs a Mac with an Apple processor.',
};

/** Whether onnxruntime-node has the provider for this kind of machine at all. */
function exists(provider: Provider, { platform, arch }: Platform): boolean {
  switch (provider) {
    case 'cpu':
    case 'webgpu':
      return true;
    case 'cuda':
      return platform === 'linux' && arch === 'x64';
    case 'dml':
      return platform === 'win32';
    case 'coreml':
      return platform === 'darwin' && arch === 'arm64';
  }
}

/**
 * The providers of this installation. `bundled` are the names that onnxruntime reports as part of the package
 * (`bundledBackends`); `platform` is `process`'s.
 */
export function providerStates(bundled: readonly string[], platform: Platform): readonly ProviderState[] {
  return providers.map((provider) => {
    const installed = exists(provider, platform) && bundled.includes(provider);
    return { provider, installed, reason: provider === 'cpu' ? '' : needs[provider] };
  });
}

/** The names of the backends inside the installed onnxruntime-node, and of those that were added to it. */
export async function bundledBackends(): Promise<readonly string[]> {
  const { listSupportedBackends } = await import('onnxruntime-node');
  return listSupportedBackends()
    .filter((backend) => backend.bundled || (backend.name === 'cuda' && hasCuda()))
    .map((backend) => backend.name);
}

/** CUDA comes by a download of its own (script/install.js of onnxruntime-node), of which the package does not know. */
function hasCuda(): boolean {
  const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const { platform, arch } = process;
  return existsSync(join(root, 'bin', 'napi-v6', platform, arch, 'libonnxruntime_providers_cuda.so'));
}

/** The provider of a setting or an option; throws `engine/unknown-provider`. */
export function parseProvider(text: string): Provider {
  const found = providers.find((provider) => provider === text.toLowerCase());
  if (!found) throw error('engine/unknown-provider', { provider: text, known: providers.join(', ') });
  return found;
}

/** An ONNX model of one node, y = Relu(x) over one float: the least that shows whether a provider works. */
const smallest = Uint8Array.of(
  ...[0x08, 0x08], // ir_version 8
  ...[0x3a, 0x33], // graph, 51 bytes
  ...[0x0a, 0x0c, 0x0a, 0x01, 0x78, 0x12, 0x01, 0x79, 0x22, 0x04, 0x52, 0x65, 0x6c, 0x75], // node x → Relu → y
  ...[0x12, 0x01, 0x67], // name g
  ...[0x5a, 0x0f, 0x0a, 0x01, 0x78, 0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0x08, 0x01], // x: float[1]
  ...[0x62, 0x0f, 0x0a, 0x01, 0x79, 0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0x08, 0x01], // y: float[1]
  ...[0x42, 0x04, 0x0a, 0x00, 0x10, 0x0d], // opset 13
);

/** Tries the provider with a network of one node. Null where it works, otherwise the reason why it does not. */
export async function tryProvider(provider: Provider): Promise<string | null> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  try {
    const session = await InferenceSession.create(smallest, {
      executionProviders: [provider],
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    try {
      const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(3), [1]) });
      return y?.data[0] === 3 ? null : 'It computes wrong numbers.';
    } finally {
      await session.release();
    }
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
