import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** SwiftShader, a Vulkan driver that computes on the processor, comes with Debian's chromium. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
const loader = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];
const absent = !existsSync(driver) || !loader.some((dir) => existsSync(`${dir}/libvulkan.so.1`));

const program = fileURLToPath(new URL('../../support/webgpu-training.ts', import.meta.url));

async function stepsOn(provider: string): Promise<{ loss: number; gradientNorm: number }[]> {
  const env = { ...process.env, VK_DRIVER_FILES: driver, XDG_RUNTIME_DIR: tmpdir() };
  const { stdout } = await promisify(execFile)(process.execPath, [program, provider], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

describe.skipIf(absent)('WebGPU on SwiftShader (chromium and libvulkan1 of Debian)', () => {
  it('trains MobileFaceNet as the processor does', { timeout: 600_000 }, async () => {
    const wanted = await stepsOn('cpu');
    const got = await stepsOn('webgpu');
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
});
