import type { RecipeProblem } from './problem.ts';
import type { Recipe } from './recipe.ts';

/** Mixed precision on what has no use for it; whether a graphics card has, shows only when it is tried. */
export function impossiblePrecision({ precision, device }: Recipe): RecipeProblem[] {
  if (precision === 'float32') return [];
  const say = (message: string): RecipeProblem[] => [{ path: 'precision', message }];
  if (device.engine === 'tfjs')
    return say(
      'is mixed, and TensorFlow.js computes in single precision only: set it to float32, or device.engine to onnxruntime',
    );
  if (device.provider === 'cpu')
    return say(
      'is mixed, and a processor has no arithmetic of half precision: it would convert every number there and back, and be slower. Set it to float32, or device.provider to a graphics card',
    );
  return [];
}
