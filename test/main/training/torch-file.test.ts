import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { seededRandom } from '../../../src/core/base/random.ts';
import { tensorNumbers } from '../../../src/core/weights/tensor-numbers.ts';
import { openTorchFile } from '../../../src/main/training/torch-file.ts';
import { writeTorchFile } from '../../../src/main/training/torch-write.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/torch/${name}`, import.meta.url));

/** Every tensor of a file, by name. */
async function numbersOf(
  path: string,
): Promise<Map<string, { shape: readonly number[]; numbers: number[] }>> {
  const { state, storages } = await openTorchFile(path);
  const found = new Map<string, { shape: readonly number[]; numbers: number[] }>();
  const wanted = [...new Map(state.tensors.map(({ storage }) => [storage.key, storage])).values()];
  for await (const [key, bytes] of storages(wanted)) {
    for (const tensor of state.tensors.filter(({ storage }) => storage.key === key))
      found.set(tensor.name, { shape: tensor.shape, numbers: [...tensorNumbers(tensor, bytes)] });
  }
  return found;
}

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lineament-torch-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const written = async (bytes: Uint8Array, name = 'x.pth'): Promise<string> => {
  await writeFile(join(root, name), bytes);
  return join(root, name);
};
const refused = (path: string): Promise<unknown> =>
  numbersOf(path).then(
    () => null,
    (thrown: unknown) => thrown,
  );

describe('a checkpoint that PyTorch saved', () => {
  it.each(['small.pth', 'small-legacy.pth'])('has the numbers that PyTorch says it has: %s', async (name) => {
    const wanted: Record<string, unknown> = JSON.parse(
      // JSON has no infinite numbers, and there are none
      await readFile(fixture('small.json'), 'utf8'),
    );
    const found = await numbersOf(fixture(name));
    expect([...found.keys()].sort()).toEqual(Object.keys(wanted).sort());
    for (const [key, values] of Object.entries(wanted)) {
      const flat = [values].flat(Number.POSITIVE_INFINITY).map((value) => Math.fround(Number(value)));
      expect(found.get(key)?.numbers, key).toEqual(flat);
    }
    expect(found.get('transposed')?.shape).toEqual([6, 4]);
    expect(found.get('scalar')?.shape).toEqual([]);
    expect(found.get('empty')?.shape).toEqual([0, 3]);
  });

  it.each(['everything.pth', 'everything-legacy.pth'])(
    'may hold its state beside an optimizer’s, and says what else it says: %s',
    async (name) => {
      const { state } = await openTorchFile(fixture(name));
      expect(state.where).toBe('state_dict');
      expect(state.facts).toEqual({ epoch: 2, note: 'é' });
      expect(state.tensors.map((tensor) => tensor.name)).toEqual([
        ...['0.weight', '0.bias', '1.weight', '1.bias'],
        ...['1.running_mean', '1.running_var', '1.num_batches_tracked'],
      ]);
      const numbers = await numbersOf(fixture(name));
      expect(numbers.get('1.num_batches_tracked')?.numbers).toEqual([1]);
    },
  );

  it('that is a whole module is refused by its class’s name', async () => {
    expect(await refused(fixture('whole-model.pth'))).toMatchObject({
      code: 'pickle/refused',
      values: { what: 'the function or class torch.nn.modules.container.Sequential' },
    });
  });
});

describe('a file of tensors that is written', () => {
  it('is read again, and lies aligned', async () => {
    const path = join(root, 'made', 'own.pth');
    const numbers = Float32Array.of(1, -2, 3.5, 4, 5, 6);
    const count = await writeTorchFile(
      path,
      [
        { name: 'a.b', shape: [2, 3], type: 'float32', numbers },
        { name: 'é', shape: [], type: 'int64', numbers: BigInt64Array.of(5n) },
      ],
      { epoch: 9 },
    );
    const bytes = await readFile(path);
    expect(bytes.length).toBe(count);
    expect(bytes.indexOf(Buffer.from(numbers.buffer)) % 64).toBe(0);
    expect(Object.fromEntries(await numbersOf(path))).toEqual({
      'a.b': { shape: [2, 3], numbers: [...numbers] },
      é: { shape: [], numbers: [5] },
    });
    expect((await openTorchFile(path)).state).toMatchObject({ where: 'state_dict', facts: { epoch: 9 } });
  });

  it('that cannot be written is told', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(writeTorchFile(join(root, 'file', 'x.pth'), [], null)).rejects.toThrow();
  });
});

describe('a file that is no checkpoint', () => {
  it('is refused for what it is', async () => {
    const tar = new Uint8Array(1024);
    tar.set(Buffer.from('ustar'), 257);
    const cases: readonly (readonly [Uint8Array, string, string])[] = [
      [Buffer.from(''), 'weights/not-torch', 'neither of its formats'],
      [Buffer.from('\x08\x07onnx', 'latin1'), 'weights/not-torch', 'neither of its formats'],
      [tar, 'weights/unsupported', 'before 0.2'],
      [Buffer.from('\x80\x02K\x01.', 'latin1'), 'weights/not-torch', 'a pickle of something else'],
      [Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1'), 'weights/not-torch', 'no data.pkl'],
      [Buffer.from('PK\x03\x04 cut', 'latin1'), 'weights/damaged', ''],
    ];
    for (const [bytes, code, words] of cases) {
      const thrown = await refused(await written(bytes));
      expect(thrown, words).toMatchObject({ code });
      expect((thrown as Error).message).toContain(words);
    }
    expect(await refused(join(root, 'none.pth'))).toMatchObject({ code: 'file/cannot-read' });
    expect(await refused(root)).toMatchObject({ code: 'file/cannot-read' });
  });

  it('is refused where it holds a program, or numbers in another order', async () => {
    // names of the same length, in both of their places
    const zip = await readFile(fixture('small.pth'));
    const renamed = (from: string, to: string): Buffer =>
      Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
    expect(await refused(await written(renamed('/version', '/code/xx')))).toMatchObject({
      code: 'weights/unsupported',
      values: { what: 'a program (TorchScript), not only numbers' },
    });
    const made = join(root, 'order.pth');
    await writeTorchFile(made, [], null);
    const bytes = (await readFile(made)).toString('latin1');
    const crc = (text: string): string => {
      const four = Buffer.alloc(4);
      four.writeUInt32LE(crc32(text));
      return four.toString('latin1');
    };
    const big = bytes.replaceAll('little', 'BIGGER').replaceAll(crc('little'), crc('BIGGER'));
    expect(await refused(await written(Buffer.from(big, 'latin1')))).toMatchObject({
      code: 'weights/unsupported',
      values: { what: 'numbers in another order of bytes (BIGGER)' },
    });
  });

  it('has a storage that is cut off, changed, of another length or missing', async () => {
    const path = join(root, 'plain.pth');
    const numbers = Float32Array.from({ length: 100 }, (_, i) => i + 0.5);
    await writeTorchFile(path, [{ name: 'a', shape: [100], type: 'float32', numbers }], null);
    const bytes = await readFile(path);
    const at = bytes.indexOf(Buffer.from(numbers.buffer));
    const changed = Buffer.from(bytes);
    changed[at + 50] = 99;
    expect(await refused(await written(changed))).toMatchObject({
      code: 'weights/damaged',
      values: { detail: 'archive/data/0: its checksum is wrong' },
    });
    const missing = Buffer.from(bytes.toString('latin1').replaceAll('data/0', 'data/9'), 'latin1');
    expect(await refused(await written(missing))).toMatchObject({
      values: { detail: 'storage 0 is missing' },
    });
    expect(await refused(await written(bytes.subarray(0, -40)))).toMatchObject({ code: 'weights/damaged' });

    const legacy = await readFile(fixture('small-legacy.pth'));
    expect(await refused(await written(legacy.subarray(0, -10)))).toMatchObject({
      code: 'weights/damaged',
      values: { detail: expect.stringContaining('it ends at byte') },
    });
  });

  it('of hundreds of changed ones never hangs, crashes, or gives anything but an error of the catalogue', async () => {
    const random = seededRandom(11);
    const codes = new Map<string, number>();
    for (const name of ['small.pth', 'small-legacy.pth']) {
      const whole = await readFile(fixture(name));
      for (let i = 0; i < 120; i++) {
        const bytes = Buffer.from(
          whole.subarray(0, random.int(8) === 0 ? random.int(whole.length) : whole.length),
        );
        for (let n = 1 + random.int(3); n > 0 && bytes.length > 0; n--)
          bytes[random.int(bytes.length)] = random.int(256);
        const thrown = await refused(await written(bytes, 'fuzzed.pth'));
        if (thrown !== null && !(thrown instanceof LineamentError)) throw thrown;
        const code = thrown === null ? 'read' : thrown.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    }
    expect([...codes.keys()]).toEqual(expect.arrayContaining(['read', 'pickle/damaged', 'weights/damaged']));
  });
});
