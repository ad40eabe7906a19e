import { availableParallelism } from 'node:os';
import type { DeviceInfo } from '../../core/contract/training.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { type ResolvedDevice, resolveDevice } from '../engine/devices.ts';
import type { Store } from '../store/database.ts';
import { getSettings } from '../store/settings.ts';
import { probeDevices } from '../workers/devices.ts';

/** What this machine trains on. */
export interface Devices {
  /** Tried out when first asked for, which takes some seconds. */
  all(): Promise<readonly DeviceInfo[]>;
  /** Errors: `engine/provider-unavailable`, `engine/tfjs-unavailable`. */
  resolve(wanted: Recipe['device']): Promise<ResolvedDevice>;
  /** Threads of a training. */
  threads(wanted: Recipe['device']): number;
  close(): void;
}

export function openDevices(entry: URL, store: Store): Devices {
  const closing = new AbortController();
  let found: Promise<readonly DeviceInfo[]> | null = null;
  const all = (): Promise<readonly DeviceInfo[]> => {
    if (found !== null) return found;
    const probing = probeDevices({ entry, threads: availableParallelism(), signal: closing.signal });
    probing.catch(() => {
      found = null;
    });
    found = probing;
    return probing;
  };
  return {
    all,
    resolve: async (wanted) => {
      // The processor needs no trial.
      const plain = wanted.engine === 'onnxruntime' && wanted.provider === 'cpu';
      return resolveDevice(wanted, plain ? [] : await all());
    },
    threads: (wanted) => wanted.threads ?? getSettings(store).threads ?? availableParallelism(),
    close: () => closing.abort(),
  };
}
