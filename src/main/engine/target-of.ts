import type { Target } from '../../core/compile/training.ts';
import type { Provider } from './providers.ts';
import { detectBlock } from './train-target.ts';

/**
 * What the compiler should know of the machine for a provider. Kernels for channels in blocks are the processor's own;
 * WebGPU and CoreML have those of ONNX's own operators only, and not all: what they lack would go back to the processor,
 * with its data. CUDA and Direct3D have what the plain graph needs.
 */
export async function targetOf(provider: Provider): Promise<Target> {
  if (provider === 'cpu') return { block: await detectBlock() };
  return { block: null, standard: provider === 'webgpu' || provider === 'coreml' };
}
