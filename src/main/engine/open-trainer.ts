import { error } from '../../core/base/errors.ts';
import { compileTraining, isMixed, type TrainingPlan } from '../../core/compile/training.ts';
import type { Provider } from './providers.ts';
import { targetOf } from './target-of.ts';
import { loadTfjs } from './tfjs/load.ts';
import { openTfjsTrainer } from './tfjs/trainer.ts';
import { openResidentTrainer } from './train-resident.ts';
import { openTrainer } from './train-session.ts';
import type { Trainer } from './trainer.ts';

/** What trains, decided: see `resolveDevice` of devices.ts for how to decide it. */
export interface TrainingDevice {
  readonly engine: 'onnxruntime' | 'tfjs';
  /** Of onnxruntime; tfjs has devices of its own. */
  readonly provider: Provider;
  readonly threads: number;
  readonly seed: number;
}

/**
 * The trainer of a plan. Throws `engine/provider-unavailable`, `engine/tfjs-unavailable`, `engine/model-damaged`, and
 * `engine/no-half-precision` for TensorFlow.js, which would compute a mixed plan in single precision without a word.
 */
export async function openTrainerFor(plan: TrainingPlan, device: TrainingDevice): Promise<Trainer> {
  const { engine, provider, threads, seed } = device;
  if (engine === 'tfjs' && isMixed(plan)) {
    const detail = 'It computes in single precision only.';
    throw error('engine/no-half-precision', { device: 'TensorFlow.js', detail });
  }
  if (engine === 'tfjs') return openTfjsTrainer(plan, { seed }, await loadTfjs());
  const compiled = compileTraining(plan, await targetOf(provider));
  const open = provider === 'webgpu' ? openResidentTrainer : openTrainer;
  return open(compiled, { seed, provider, threads });
}
