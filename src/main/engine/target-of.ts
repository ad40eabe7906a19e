import type { Target } from '../../core/compile/training.ts';
import type { Provider } from './providers.ts';
import { detectBlock } from './train-target.ts';

/**
 * What the compiler should know of the machine for a provider. Kernels for channels in blocks, and some others, are the
 * processor's own: in a graph for a graphics card such a node would go back to the processor, with its data.
 */
export async function targetOf(provider: Provider): Promise<Target> {
  return provider === 'cpu' ? { block: await detectBlock() } : { block: null, standard: true };
}
