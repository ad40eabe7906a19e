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
      noMixed: noMixedOf(provider, working(provider)),
    };
  });
  const tensorflow: DeviceInfo = {
    engine: 'tfjs',
    provider: 'tensorflow',
    available: tfjs.problem === null,
    reason: tfjs.problem ?? '',
    automatic: false,
    noMixed: 'TensorFlow.js computes in single precision only.',
  };
  return [...devices, tensorflow];
}

/** Measurements of a few milliseconds differ by so much. */
const slack = 1.1;

const slowOnProcessors =
  'A processor has no arithmetic of half precision: it would convert every number there and back, and be slower.';

/** Why a device does not train in mixed precision; null where half precision works there and is not slower. */
function noMixedOf(provider: Provider, trial: DeviceTrial | null): string | null {
  if (provider === 'cpu') return slowOnProcessors;
  if (trial === null) return 'The device itself cannot be used.';
  const { half, deviceMs } = trial;
  if (half === undefined) return 'Half precision was not tried on it.';
  if (half.problem !== null) return half.problem;
  if (half.ms <= deviceMs * slack) return null;
  return `Half precision is slower on it: ${inMs(half.ms)} ms for what takes ${inMs(deviceMs)} in single precision.`;
}

const inMs = (ms: number): string => ms.toFixed(ms < 10 ? 1 : 0);

function reasonOf(trial: Tried, needs: string): string {
  if (trial.problem !== null) return [needs, trial.problem].filter((part) => part !== '').join(' ');
  if (!('deviceMs' in trial) || trial.deviceMs <= trial.processorMs) return '';
  const [device, processor] = [trial.deviceMs, trial.processorMs].map(inMs);
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
  /** Why it does not train in mixed precision; null where it does. */
  readonly noMixed: string | null;
}

const processor: ResolvedDevice = {
  ...{ engine: 'onnxruntime', provider: 'cpu', note: null },
  noMixed: slowOnProcessors,
};

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
  if (found?.available) {
    const { reason, noMixed } = found;
    return { engine, provider, note: reason === '' ? null : reason, noMixed };
  }
  if (engine === 'onnxruntime' && provider === 'cpu') return processor;
  const detail = found?.reason ?? 'it was not looked for.';
  if (!fallback)
    throw engine === 'tfjs'
      ? error('engine/tfjs-unavailable', { detail })
      : error('engine/provider-unavailable', { provider, detail });
  const name = engine === 'tfjs' ? 'TensorFlow' : provider;
  return { ...processor, note: `${name} cannot be used, the processor is used instead: ${detail}` };
}

/** Throws `engine/no-half-precision` where a recipe asks for mixed precision and its device has no use for it. */
export function requirePrecision({ precision }: Pick<Recipe, 'precision'>, device: ResolvedDevice): void {
  const { engine, provider, note, noMixed } = device;
  if (precision === 'float32' || noMixed === null) return;
  const name = engine === 'tfjs' ? 'TensorFlow.js' : provider === 'cpu' ? 'the processor' : provider;
  throw error('engine/no-half-precision', {
    device: name,
    detail: [noMixed, ...(note === null ? [] : [note])].join(' '),
  });
}
