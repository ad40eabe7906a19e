import { describe, expect, it } from 'vitest';
import { usualScaling } from '../../../src/core/compile/loss-scale.ts';
import type { DeviceTrial } from '../../../src/main/engine/device-trial.ts';
import {
  describeDevices,
  requirePrecision,
  resolveDevice,
  type Tried,
} from '../../../src/main/engine/devices.ts';
import { openTrainerFor } from '../../../src/main/engine/open-trainer.ts';
import { type Provider, providerStates } from '../../../src/main/engine/providers.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';

const works = (deviceMs: number, processorMs = 20): DeviceTrial => ({ problem: null, deviceMs, processorMs });
const refused: Tried = { problem: 'It did not answer within 60 s.' };
const noTfjs: Tried = { problem: 'its native library is not there.' };

const machines = {
  linux: { platform: 'linux', arch: 'x64' },
  windows: { platform: 'win32', arch: 'x64' },
  mac: { platform: 'darwin', arch: 'arm64' },
} as const;
const everything = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'];

function on(machine: keyof typeof machines, tried: Partial<Record<Provider, Tried>>, tfjs: Tried = noTfjs) {
  const states = providerStates(everything, machines[machine]);
  const found = new Map(Object.entries(tried) as [Provider, Tried][]);
  return describeDevices(states, found, tfjs);
}

const automaticOf = (devices: ReturnType<typeof on>): string[] =>
  devices.filter(({ automatic }) => automatic).map(({ provider }) => provider);
const reasonOf = (devices: ReturnType<typeof on>, provider: string): string | undefined =>
  devices.find((device) => device.provider === provider)?.reason;

describe('describeDevices', () => {
  it('has every device once, and one automatic one', () => {
    const devices = on('linux', { cpu: works(20) });
    expect(devices.map(({ provider }) => provider)).toEqual([...everything, 'tensorflow']);
    expect(automaticOf(devices)).toEqual(['cpu']);
    expect(devices.filter(({ available }) => available).map(({ provider }) => provider)).toEqual(['cpu']);
  });

  it.each([
    ['linux', { cpu: works(20), cuda: works(1), webgpu: works(0.5) }, 'cuda'],
    ['linux', { cpu: works(20), cuda: refused, webgpu: works(2) }, 'webgpu'],
    ['linux', { cpu: works(20), cuda: refused, webgpu: works(850, 1) }, 'cpu'],
    ['windows', { cpu: works(20), dml: works(4), webgpu: works(3) }, 'dml'],
    ['windows', { cpu: works(20), dml: works(25), webgpu: works(3) }, 'webgpu'],
    // CoreML has no use for filters that change
    ['mac', { cpu: works(20), coreml: works(1), webgpu: works(3) }, 'webgpu'],
    ['mac', { cpu: works(20), coreml: works(1) }, 'cpu'],
  ] as const)('chooses on %s what is there and faster than the processor', (machine, tried, wanted) => {
    expect(automaticOf(on(machine, tried))).toEqual([wanted]);
  });

  it('says why not, what it would need, and that one is slow', () => {
    const devices = on('linux', { cpu: works(20), cuda: refused, webgpu: works(850, 1) });
    expect(reasonOf(devices, 'cpu')).toBe('');
    expect(reasonOf(devices, 'cuda')).toMatch(/NVIDIA.* It did not answer within 60 s\.$/);
    expect(reasonOf(devices, 'dml')).toMatch(/Windows/);
    expect(reasonOf(devices, 'webgpu')).toMatch(
      /slower than the processor: 850 ms for what takes that one 1\.0\./,
    );
    expect(reasonOf(devices, 'tensorflow')).toBe('its native library is not there.');
  });
});

describe('resolveDevice', () => {
  const devices = on('linux', { cpu: works(20), cuda: refused, webgpu: works(850, 1) });
  const wanted = (provider: 'auto' | Provider, fallback = false) =>
    ({ engine: 'onnxruntime', provider, fallback }) as const;

  const processor = {
    ...{ engine: 'onnxruntime', provider: 'cpu', note: null },
    noMixed: expect.stringContaining('no arithmetic of half precision'),
  };

  it('takes the automatic one, or the one that was asked for', () => {
    expect(resolveDevice(wanted('auto'), devices)).toEqual(processor);
    expect(resolveDevice(wanted('cpu'), devices)).toEqual(processor);
    const fast = on('linux', { cpu: works(20), webgpu: { ...works(2), half: { problem: null, ms: 1 } } });
    expect(resolveDevice(wanted('auto'), fast)).toEqual({
      engine: 'onnxruntime',
      provider: 'webgpu',
      note: null,
      noMixed: null,
    });
  });

  it('takes a slow one where the user insists, and says so', () => {
    const { provider, note } = resolveDevice(wanted('webgpu'), devices);
    expect(provider).toBe('webgpu');
    expect(note).toMatch(/slower than the processor/);
  });

  it('falls back only where that is allowed, and says so', () => {
    expect(() => resolveDevice(wanted('cuda'), devices)).toThrow(
      expect.objectContaining({
        code: 'engine/provider-unavailable',
        message: expect.stringContaining('60 s'),
      }),
    );
    const { provider, note } = resolveDevice(wanted('cuda', true), devices);
    expect(provider).toBe('cpu');
    expect(note).toMatch(/^cuda cannot be used, the processor is used instead: .*60 s/);
  });

  it('knows TensorFlow as an engine of its own', () => {
    const tfjs = { engine: 'tfjs', provider: 'auto', fallback: false } as const;
    expect(() => resolveDevice(tfjs, devices)).toThrow(
      expect.objectContaining({
        code: 'engine/tfjs-unavailable',
        message: expect.stringContaining('native library'),
      }),
    );
    expect(resolveDevice({ ...tfjs, fallback: true }, devices)).toMatchObject({
      engine: 'onnxruntime',
      provider: 'cpu',
      note: expect.stringMatching(/^TensorFlow/),
    });
    const there = on('linux', { cpu: works(20) }, works(0, 0));
    expect(resolveDevice(tfjs, there)).toEqual({
      ...{ engine: 'tfjs', provider: 'cpu', note: null },
      noMixed: expect.stringContaining('single precision only'),
    });
  });

  it('trusts the processor even where nothing was found out', () => {
    expect(resolveDevice(wanted('auto'), [])).toEqual(processor);
    expect(() => resolveDevice(wanted('dml'), [])).toThrow(/dml/);
  });
});

describe('mixed precision', () => {
  const withHalf = (ms: number, problem: string | null = null): DeviceTrial => ({
    ...works(2),
    half: { problem, ms },
  });
  const noMixed = (tried: Tried): string | null | undefined =>
    on('linux', { cpu: works(20), webgpu: tried }).find(({ provider }) => provider === 'webgpu')?.noMixed;

  it('is for devices that have half precision and are not slower with it', () => {
    expect(noMixed(withHalf(1))).toBeNull();
    expect(noMixed(withHalf(2.1))).toBeNull();
    expect(noMixed(withHalf(3))).toBe(
      'Half precision is slower on it: 3.0 ms for what takes 2.0 in single precision.',
    );
    expect(noMixed(withHalf(0, 'onnxruntime says: no f16.'))).toBe('onnxruntime says: no f16.');
    expect(noMixed(works(2))).toMatch(/not tried/);
    expect(noMixed(refused)).toMatch(/cannot be used/);
  });

  it('is refused elsewhere, with the reason, before anything is computed', () => {
    const fast = on('linux', { cpu: works(20), webgpu: withHalf(1), cuda: refused });
    const resolved = (provider: 'auto' | 'cpu' | 'cuda') =>
      resolveDevice({ engine: 'onnxruntime', provider, fallback: true }, fast);
    const mixed = { precision: 'mixed' } as const;
    expect(() => requirePrecision(mixed, resolved('auto'))).not.toThrow();
    expect(() => requirePrecision({ precision: 'float32' }, resolved('cpu'))).not.toThrow();
    const code = 'engine/no-half-precision';
    expect(() => requirePrecision(mixed, resolved('cpu'))).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(/the processor does not gain from.*slower/),
      }),
    );
    // a fallback that nobody would see otherwise
    expect(() => requirePrecision(mixed, resolved('cuda'))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('cuda cannot be used') }),
    );
  });

  it('is refused by TensorFlow.js, also where a plan comes to it directly', async () => {
    const device = { engine: 'tfjs', provider: 'cpu', threads: 1, seed: 1 } as const;
    await expect(openTrainerFor({ ...tinyPlan, mixed: usualScaling }, device)).rejects.toMatchObject({
      code: 'engine/no-half-precision',
      message: expect.stringContaining('TensorFlow.js'),
    });
  });
});
