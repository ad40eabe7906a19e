import { Cancelled, hasCode, toErrorInfo } from '../../core/base/errors.ts';
import type { DeviceInfo } from '../../core/contract/training.ts';
import type { DeviceTrial } from '../engine/device-trial.ts';
import { describeDevices, type Tried } from '../engine/devices.ts';
import { bundledBackends, type Provider, type ProviderState, providerStates } from '../engine/providers.ts';
import type { DeviceSetup } from '../jobs/device.ts';
import { runJob } from './run.ts';

export interface ProbeOptions {
  /** src/main/workers/entry. */
  readonly entry: URL;
  /** Of the processor, against which graphics cards are measured. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** How long a device may take to show that it works; 60 s unless told otherwise. */
  readonly limitMs?: number;
  /** As this installation and machine have it unless told otherwise. */
  readonly states?: readonly ProviderState[];
}

/**
 * Tries every device that could be there, one after the other, each in a process of its own: a driver may crash it or
 * hang. Takes some seconds. Throws `Cancelled`.
 */
export async function probeDevices(options: ProbeOptions): Promise<readonly DeviceInfo[]> {
  const states = options.states ?? providerStates(await bundledBackends(), process);
  const tried = new Map<Provider, Tried>();
  for (const { provider, installed } of states)
    if (installed) tried.set(provider, await tryApart(provider, options));
  return describeDevices(states, tried, await tryApart('tfjs', options));
}

async function tryApart(device: DeviceSetup['device'], options: ProbeOptions): Promise<Tried> {
  const { entry, threads, signal, limitMs = 60_000 } = options;
  const limit = AbortSignal.timeout(limitMs);
  const trials: DeviceTrial[] = [];
  try {
    await runJob({
      ...{ entry, kind: 'device', graceMs: 0, signal: AbortSignal.any([signal, limit]) },
      setup: { device, threads } satisfies DeviceSetup,
      host: { tried: (trial: DeviceTrial) => void trials.push(trial) },
      onProgress: () => {},
      onLog: () => {},
    });
    return trials.at(-1) ?? { problem: 'It said nothing.' };
  } catch (thrown) {
    if (signal.aborted) throw new Cancelled();
    const problem = limit.aborted ? `It did not answer within ${limitMs / 1000} s.` : problemOf(thrown);
    // what was told before is true: the device works, and half precision on it does not
    const [trial] = trials;
    return trial ? { ...trial, half: { problem, ms: 0 } } : { problem };
  }
}

function problemOf(thrown: unknown): string {
  if (!hasCode(thrown, 'job/worker-died')) return toErrorInfo(thrown).message;
  return `Trying it ended the process (${detailOf(thrown)}).`;
}

function detailOf(thrown: unknown): string {
  return String(toErrorInfo(thrown).values['detail']);
}
