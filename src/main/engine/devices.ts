import { error } from '../../core/base/errors.ts';
import type { DeviceInfo } from '../../core/contract/training.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { DeviceTrial } from './device-trial.ts';
import { type Provider, type ProviderState, providers } from './providers.ts';

export type TrainingEngine = Recipe['device']['engine'];

/** What `auto` looks for, first to last. CoreML is not among them: it takes networks whose filters are constants only. */
const preferred: readonly Provider[] = ['cuda', 'dml', 'webgpu'];

/** What was found out about one device: its trial, or what became of the process that made it. */
export type Tried = DeviceTrial | { readonly problem: string };

/**
 * All devices with what was found: `tried` by provider, those of `states` that are not installed left out. `auto` takes
 * the first of the preferred ones that is faster than the processor, so that no driver that computes on the processor is
 * ever taken for a graphics card.
 */
export function describeDevices(
  states: readonly ProviderState[],
  tried: ReadonlyMap<Provider, Tried>,
  tfjs: Tried,
): readonly DeviceInfo[] {
  const working = (provider: Provider): DeviceTrial | null => {
    const trial = tried.get(provider);
    return trial && 'deviceMs' in trial && trial.problem === null ? trial : null;
  };
  const automatic =
    preferred.find((provider) => {
      const trial = working(provider);
      return trial !== null && trial.deviceMs < trial.processorMs;
    }) ?? 'cpu';
  const devices = states.map(({ provider, installed, reason }): DeviceInfo => {
    const trial = installed ? (working(provider) ?? tried.get(provider)) : undefined;
    return {
      engine: 'onnxruntime',
      provider,
      available: working(provider) !== null,
      reason: trial ? reasonOf(trial, reason) : reason,
      automatic: provider === automatic,
    };
  });
  const tensorflow: DeviceInfo = {
    engine: 'tfjs',
    provider: 'tensorflow',
    available: tfjs.problem === null,
    reason: tfjs.problem ?? '',
    automatic: false,
  };
  return [...devices, tensorflow];
}

function reasonOf(trial: Tried, needs: string): string {
  if (trial.problem !== null) return [needs, trial.problem].filter((part) => part !== '').join(' ');
  if (!('deviceMs' in trial) || trial.deviceMs <= trial.processorMs) return '';
  const [device, processor] = [trial.deviceMs, trial.processorMs].map((ms) => ms.toFixed(ms < 10 ? 1 : 0));
  return `It works, but slower than the processor: ${device} ms for what takes that one ${processor}. Its driver may compute on the processor.`;
}

/** The wish of a recipe. */
export type WantedDevice = Pick<Recipe['device'], 'engine' | 'provider' | 'fallback'>;

export interface ResolvedDevice {
  readonly engine: TrainingEngine;
  /** Of onnxruntime; `cpu` for tfjs, which has devices of its own. */
  readonly provider: Provider;
  /** What the user should know: that it is another one than was asked for, or that it is slow. */
  readonly note: string | null;
}

const processor: ResolvedDevice = { engine: 'onnxruntime', provider: 'cpu', note: null };

/**
 * What a recipe trains on, by what was found on this machine. Throws `engine/provider-unavailable` or
 * `engine/tfjs-unavailable` where it cannot be had and nothing else may be used.
 */
export function resolveDevice(wanted: WantedDevice, devices: readonly DeviceInfo[]): ResolvedDevice {
  const { engine, fallback } = wanted;
  const found = devices.find((device) =>
    engine === 'tfjs'
      ? device.engine === 'tfjs'
      : device.engine === engine &&
        (wanted.provider === 'auto' ? device.automatic : device.provider === wanted.provider),
  );
  const asked = wanted.provider === 'auto' ? 'cpu' : wanted.provider;
  const provider = providers.find((name) => name === found?.provider) ?? asked;
  if (found?.available) return { engine, provider, note: found.reason === '' ? null : found.reason };
  if (engine === 'onnxruntime' && provider === 'cpu') return processor;
  const detail = found?.reason ?? 'it was not looked for.';
  if (!fallback)
    throw engine === 'tfjs'
      ? error('engine/tfjs-unavailable', { detail })
      : error('engine/provider-unavailable', { provider, detail });
  const name = engine === 'tfjs' ? 'TensorFlow' : provider;
  return { ...processor, note: `${name} cannot be used, the processor is used instead: ${detail}` };
}
