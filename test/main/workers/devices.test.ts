import { expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/base/errors.ts';
import { type ProviderState, providerStates } from '../../../src/main/engine/providers.ts';
import { probeDevices } from '../../../src/main/workers/devices.ts';

const entry = new URL('../../support/device-entry.ts', import.meta.url);
const signal = new AbortController().signal;
const needs = 'Needs much.';
const states: readonly ProviderState[] = (['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const).map(
  (provider) => ({ provider, installed: true, reason: provider === 'cpu' ? '' : needs }),
);

const hangs = states.filter(({ provider }) => provider === 'dml');

it('survives whatever a device does, and says what it was', async () => {
  const others = states.filter((state) => !hangs.includes(state));
  const devices = await probeDevices({ entry, threads: 1, signal, states: others });
  const found = Object.fromEntries(devices.map(({ provider, ...rest }) => [provider, rest]));
  expect(found).toMatchObject({
    cpu: { available: true, reason: '', automatic: false },
    // it worked, and then half precision took the process with it
    webgpu: {
      ...{ available: true, reason: '', automatic: true },
      noMixed: 'Trying it ended the process (signal SIGSEGV).',
    },
    cuda: { available: false, reason: `${needs} Trying it ended the process (signal SIGSEGV).` },
    coreml: { available: false, reason: expect.stringContaining('no such thing') },
    tensorflow: { engine: 'tfjs', available: false, reason: 'its native library is not there.' },
  });
});

it('does not wait for ever', async () => {
  const [device] = await probeDevices({ entry, threads: 1, signal, states: hangs, limitMs: 1500 });
  expect(device).toMatchObject({ available: false, reason: `${needs} It did not answer within 1.5 s.` });
});

it('stops when it is told to', async () => {
  const stopped = probeDevices({ entry, threads: 1, signal: AbortSignal.timeout(200), states: hangs });
  await expect(stopped).rejects.toBeInstanceOf(Cancelled);
});

it('tries the processor for real', async () => {
  const real = new URL('../../../src/main/workers/entry.ts', import.meta.url);
  const [state] = providerStates(['cpu'], process);
  const devices = await probeDevices({ entry: real, threads: 1, signal, states: state ? [state] : [] });
  expect(devices[0]).toEqual({
    engine: 'onnxruntime',
    provider: 'cpu',
    available: true,
    reason: '',
    automatic: true,
    noMixed: expect.stringContaining('half precision'),
  });
  expect(devices.at(-1)).toMatchObject({ engine: 'tfjs', provider: 'tensorflow' });
});
