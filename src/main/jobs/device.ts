import { type DeviceTrial, tryDevice, tryTfjs } from '../engine/device-trial.ts';
import type { Provider } from '../engine/providers.ts';
import type { Job } from './job.ts';

export interface DeviceSetup {
  /** A provider of onnxruntime, or TensorFlow. */
  readonly device: Provider | 'tfjs';
  readonly threads: number;
}

export interface DeviceHost {
  tried(trial: DeviceTrial): void;
}

/** Tries one device: which may end the process, or never come back. */
export const deviceJob: Job<DeviceSetup, DeviceHost> = async ({ device, threads }, host) => {
  const trial = device === 'tfjs' ? await tryTfjs() : await tryDevice(device, threads);
  await host.tried(trial);
  return {};
};
