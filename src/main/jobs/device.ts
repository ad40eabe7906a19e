import { type DeviceTrial, tryDevice, tryHalf, tryTfjs } from '../engine/device-trial.ts';
import type { Provider } from '../engine/providers.ts';
import type { Job } from './job.ts';

export interface DeviceSetup {
  /** A provider of onnxruntime, or TensorFlow. */
  readonly device: Provider | 'tfjs';
  readonly threads: number;
}

export interface DeviceHost {
  /** What is known so far; once more where half precision was tried, too. */
  tried(trial: DeviceTrial): void;
}

/** Tries one device: which may end the process, or never come back. */
export const deviceJob: Job<DeviceSetup, DeviceHost> = async ({ device, threads }, host) => {
  const trial = device === 'tfjs' ? await tryTfjs() : await tryDevice(device, threads);
  await host.tried(trial);
  if (trial.problem === null && device !== 'tfjs' && device !== 'cpu')
    await host.tried({ ...trial, half: await tryHalf(device, threads, trial) });
  return {};
};
