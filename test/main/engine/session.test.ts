import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProvider, providerStates, tryProvider } from '../../../src/main/engine/providers.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import { fits, shapeText } from '../../../src/main/engine/tensor.ts';

const bytes = (...parts: (number | readonly number[])[]): number[] => parts.flat() as number[];
const text = (value: string): number[] => [...Buffer.from(value)];
const field = (tag: number, content: readonly number[]): number[] => [tag, content.length, ...content];

/** An ONNX file by hand: y[?, 2] = Relu(x[?, 2]), in the wire format of protobuf. */
function reluModel(): Uint8Array {
  const dimensions = bytes(field(0x0a, field(0x12, text('n'))), field(0x0a, [0x08, 2]));
  const value = (name: string): number[] =>
    bytes(field(0x0a, text(name)), field(0x12, field(0x0a, bytes([0x08, 1], field(0x12, dimensions)))));
  const node = bytes(field(0x0a, text('x')), field(0x12, text('y')), field(0x22, text('Relu')));
  const graph = bytes(
    field(0x0a, node),
    field(0x12, text('g')),
    field(0x5a, value('x')),
    field(0x62, value('y')),
  );
  return Uint8Array.from(bytes([0x08, 8], field(0x3a, graph), field(0x42, [0x0a, 0, 0x10, 13])));
}

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lineament-session-'));
  await writeFile(join(dir, 'relu.onnx'), reluModel());
  await writeFile(join(dir, 'broken.onnx'), reluModel().slice(0, 40));
  await writeFile(join(dir, 'text.onnx'), 'this is no network');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('openSession', () => {
  it('describes and runs a network', async () => {
    const session = await openSession(join(dir, 'relu.onnx'), { threads: 1 });
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: [null, 2] }]);
    expect(session.outputs).toEqual([{ name: 'y', type: 'float32', shape: [null, 2] }]);
    const { y } = await session.run({ x: { shape: [2, 2], data: Float32Array.of(-1, 2, 3, -4) } });
    expect(y).toEqual({ shape: [2, 2], data: Float32Array.of(0, 2, 3, 0) });
    await session.close();
    await session.close();
    await expect(session.run({ x: { shape: [0, 2], data: new Float32Array() } })).rejects.toThrow('closed');
  });

  it('refuses inputs that are not the network’s, naming both shapes', async () => {
    const session = await openSession(join(dir, 'relu.onnx'), { threads: 1 });
    const wrong = { code: 'engine/wrong-input' };
    await expect(session.run({})).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining('nothing'),
    });
    await expect(session.run({ x: { shape: [2, 3], data: new Float32Array(6) } })).rejects.toMatchObject({
      ...wrong,
      message: expect.stringMatching(/\?×2.*2×3/),
    });
    await expect(session.run({ x: { shape: [1, 2], data: new Uint8Array(2) } })).rejects.toMatchObject(wrong);
    await session.close();
  });

  it.each(['broken.onnx', 'text.onnx'])('names a damaged file (%s)', async (name) => {
    await expect(openSession(join(dir, name))).rejects.toMatchObject({
      code: 'engine/model-damaged',
      values: { path: join(dir, name) },
    });
  });

  it('names a missing file', async () => {
    await expect(openSession(join(dir, 'none.onnx'))).rejects.toMatchObject({ code: 'engine/model-missing' });
  });
});

describe('providers', () => {
  it('always has the processor, and says what others need', () => {
    const states = providerStates(['cpu', 'webgpu'], { platform: 'linux', arch: 'x64' });
    expect(states.filter((state) => state.installed).map((state) => state.provider)).toEqual([
      'cpu',
      'webgpu',
    ]);
    for (const { provider, reason } of states) expect(reason === '').toBe(provider === 'cpu');
    const windows = providerStates(['cpu', 'dml', 'cuda'], { platform: 'win32', arch: 'x64' });
    expect(windows.filter((state) => state.installed).map((state) => state.provider)).toEqual(['cpu', 'dml']);
  });

  it('tries them for real', async () => {
    expect(await tryProvider('cpu')).toBeNull();
    const elsewhere = process.platform === 'win32' ? 'coreml' : 'dml';
    expect(await tryProvider(elsewhere)).toEqual(expect.any(String));
  });

  it('reads their names', () => {
    expect(parseProvider('WebGPU')).toBe('webgpu');
    expect(() => parseProvider('abacus')).toThrow(/cpu, webgpu, cuda, dml, coreml/);
  });

  it('names one that cannot be used', async () => {
    const provider = process.platform === 'win32' ? 'coreml' : 'dml';
    await expect(openSession(join(dir, 'relu.onnx'), { provider })).rejects.toMatchObject({
      code: 'engine/provider-unavailable',
      values: { provider },
    });
  });
});

describe('shapes', () => {
  it('fit where dimensions are equal or free', () => {
    expect(fits([3, 4], [null, 4])).toBe(true);
    expect(fits([3, 4], [null, 5])).toBe(false);
    expect(fits([3], [null, 4])).toBe(false);
    expect(shapeText([null, 3])).toBe('?×3');
  });
});
