import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { requirePrecision, resolveDevice } from '../../../src/main/engine/devices.ts';
import { providerStates } from '../../../src/main/engine/providers.ts';
import { probeDevices } from '../../../src/main/workers/devices.ts';

/** SwiftShader, a Vulkan driver that computes on the processor, comes with Debian's chromium. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
const loader = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];
const absent = !existsSync(driver) || !loader.some((dir) => existsSync(`${dir}/libvulkan.so.1`));

/** What a program of test/support prints last, as JSON. */
async function told<T>(program: string, ...words: readonly string[]): Promise<T> {
  const file = fileURLToPath(new URL(`../../support/${program}`, import.meta.url));
  const env = { ...process.env, VK_DRIVER_FILES: driver, XDG_RUNTIME_DIR: tmpdir() };
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...words], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

type Steps = { readonly loss: number; readonly gradientNorm: number }[];
type Look = Readonly<
  Record<'wanted' | 'got' | 'fromBegin', number[][]> & Record<'fourth' | 'again' | 'restored', number[]>
> & { readonly distances: number[]; readonly sameNumbers: boolean; readonly steppedTo: number[] };

describe.skipIf(absent)('WebGPU on SwiftShader (chromium and libvulkan1 of Debian)', () => {
  it('trains MobileFaceNet as the processor does', { timeout: 600_000 }, async () => {
    const wanted = await told<Steps>('webgpu-training.ts', 'cpu');
    const got = await told<Steps>('webgpu-training.ts', 'webgpu');
    expect(wanted).toHaveLength(3);
    expect(got).toHaveLength(3);
    wanted.forEach(({ loss, gradientNorm }, step) => {
      expect(Math.abs((got[step]?.loss ?? Number.NaN) / loss - 1), `loss ${step}`).toBeLessThan(1e-3);
      const apart = Math.abs((got[step]?.gradientNorm ?? Number.NaN) / gradientNorm - 1);
      expect(apart, `gradient norm ${step}`).toBeLessThan(1e-2);
    });
    // training, not three times the same
    expect(new Set(wanted.map(({ loss }) => loss)).size).toBe(3);
  });

  it.each([
    ['keeps the state there', []],
    ['takes the rows of sampled classes there and back', ['24']],
  ])('%s, goes back and continues exactly', { timeout: 300_000 }, async (_, words) => {
    const look = await told<Look>('webgpu-state.ts', ...words);
    const { wanted, got, fromBegin, fourth, again, restored, distances } = look;
    expect(got).toHaveLength(3);
    wanted.forEach((figures, step) => {
      figures.forEach((figure, i) => {
        expect(Math.abs((got[step]?.[i] ?? Number.NaN) - figure), `figure ${i} of step ${step}`).toBeLessThan(
          1e-3 * Math.max(1, Math.abs(figure)),
        );
      });
    });
    expect(Math.max(...distances)).toBeLessThan(1e-2);
    expect(fromBegin).toEqual(got);
    expect(again).toEqual(fourth);
    expect(restored).toEqual(fourth);
    expect(look.sameNumbers).toBe(true);
    expect(look.steppedTo).toEqual([0, 3, 3]);
  });

  it('learns from a teacher as the processor does, part by part', { timeout: 300_000 }, async () => {
    type Parts = Readonly<Record<string, number>>[];
    const wanted = await told<Parts>('webgpu-distillation.ts', 'cpu');
    const got = await told<Parts>('webgpu-distillation.ts', 'webgpu');
    expect(wanted.map((parts) => Object.keys(parts).length)).toEqual([10, 10, 10]);
    expect(wanted.map(({ factors = Number.NaN }) => factors > 0)).toEqual([false, true, true]);
    wanted.forEach((parts, step) => {
      for (const [part, value] of Object.entries(parts)) {
        const apart = Math.abs((got[step]?.[part] ?? Number.NaN) - value);
        expect(apart, `${part} of step ${step}`).toBeLessThan(2e-3 * Math.max(Math.abs(value), 1e-3));
      }
    });
  });

  it('skips a step there whose scaled loss overflows, and only such', { timeout: 300_000 }, async () => {
    const [largest, half] = [2 ** 126, 2 ** 125];
    expect(await told<unknown>('webgpu-scale.ts')).toEqual([
      { finite: false, lossScale: largest, skippedSteps: 0, changed: false },
      { finite: true, lossScale: half, skippedSteps: 1, changed: true },
      { finite: true, lossScale: half, skippedSteps: 1, changed: true },
    ]);
  });

  it('is known for what it is: never taken by itself', { timeout: 300_000 }, async () => {
    vi.stubEnv('VK_DRIVER_FILES', driver);
    vi.stubEnv('XDG_RUNTIME_DIR', tmpdir());
    const entry = new URL('../../../src/main/workers/entry.ts', import.meta.url);
    const signal = new AbortController().signal;
    const states = providerStates(['cpu', 'webgpu'], process).filter(({ installed }) => installed);
    const devices = await probeDevices({ entry, threads: 1, signal, states, limitMs: 240_000 });
    vi.unstubAllEnvs();
    const found = devices.find(({ provider }) => provider === 'webgpu');
    expect(found).toMatchObject({
      available: true,
      automatic: false,
      reason: expect.stringContaining('slower than the processor'),
      // found when it is tried, not in the middle of a run
      noMixed: expect.stringContaining('requires f16 but the device does not support it'),
    });
    const wanted = { engine: 'onnxruntime', provider: 'webgpu', fallback: false } as const;
    expect(() => requirePrecision({ precision: 'mixed' }, resolveDevice(wanted, devices))).toThrow(
      expect.objectContaining({
        code: 'engine/no-half-precision',
        message: expect.stringMatching(/webgpu does not gain from: .*f16/),
      }),
    );
    expect(devices.filter(({ automatic }) => automatic).map(({ provider }) => provider)).toEqual(['cpu']);
  });
});
