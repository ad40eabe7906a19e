import { type FileHandle, open } from 'node:fs/promises';
import { error, LineamentError } from '../../core/base/errors.ts';
import { bytesOfType } from '../../core/onnx/element-types.ts';
import { readPickle } from '../../core/pickle/read.ts';
import { ofKind, type PickleValue } from '../../core/pickle/values.ts';
import {
  entriesOf,
  findState,
  shortName,
  storagesIn,
  type TorchState,
  type TorchStorage,
  textOf,
  torchGlobals,
} from '../../core/weights/torch-state.ts';
import { zipMembers } from '../datasets/zip.ts';

/** A file that `torch.save` wrote, as far as it is described; nothing in it is ever run. */
export interface TorchFile {
  readonly state: TorchState;
  /** The bytes of these storages, each once, in the file's order. Error: `weights/damaged`. */
  storages(wanted: readonly TorchStorage[]): AsyncGenerator<readonly [key: string, bytes: Uint8Array]>;
}

/** Pickles are far smaller: a thousand tensors take 200 KB. */
const mostPickleBytes = 16 * 2 ** 20;

/**
 * Opens a checkpoint of PyTorch: the zip archives of 1.6 and later, or the stream of before. The file is opened anew whenever
 * something is read. Errors: `file/cannot-read`, `weights/not-torch`, `weights/damaged`, `weights/unsupported`, `weights/no-tensors`
 * and those of pickles.
 */
export async function openTorchFile(path: string): Promise<TorchFile> {
  const { head, size } = await withFile(path, async (handle) => {
    const { size: bytes } = await handle.stat();
    return { head: await readAt(handle, 0, Math.min(bytes, 512)), size: bytes };
  });
  if (head[0] === 0x50 && head[1] === 0x4b) return openZip(path, size);
  if (head[0] === 0x80) return openStream(path, size);
  if (latin1(head.subarray(257, 262)) === 'ustar')
    throw error('weights/unsupported', { file: path, what: 'the format of PyTorch before 0.2' });
  throw error('weights/not-torch', { file: path, detail: 'it begins like neither of its formats' });
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const options = (file: string) => ({ file, globals: torchGlobals });
const damaged = (file: string, detail: string, cause?: unknown): Error =>
  error('weights/damaged', { file, detail }, cause);

/** `NAME/data.pkl`, `NAME/data/0` and so on, stored without compression. */
async function openZip(path: string, size: number): Promise<TorchFile> {
  let pickle: { readonly root: string; readonly bytes: Uint8Array } | null = null;
  let order = 'little';
  for await (const { name, size: bytes, read } of members(path)) {
    const [root = '', file = ''] = /^([^/]+)\/(.+)$/.exec(name)?.slice(1) ?? [];
    if (file === 'constants.pkl' || file.startsWith('code/'))
      throw error('weights/unsupported', { file: path, what: 'a program (TorchScript), not only numbers' });
    if (file === 'byteorder' && bytes < 20) order = latin1(await read()).trim();
    if (file !== 'data.pkl') continue;
    if (bytes > mostPickleBytes) throw damaged(path, `its description has ${bytes} bytes`);
    pickle = { root, bytes: await read() };
  }
  if (pickle === null)
    throw error('weights/not-torch', { file: path, detail: 'the archive has no data.pkl' });
  if (order !== 'little')
    throw error('weights/unsupported', { file: path, what: `numbers in another order of bytes (${order})` });
  const state = findState(readPickle(pickle.bytes, options(path)).value, path);
  const { root } = pickle;
  return {
    state,
    storages: async function* (wanted) {
      const left = new Map(wanted.map((storage) => [`${root}/data/${storage.key}`, storage]));
      for await (const member of members(path)) {
        const storage = left.get(member.name);
        if (storage === undefined) continue;
        // what is larger than the file was compressed, which PyTorch never does
        const bytes = bytesOf(storage);
        if (member.size !== bytes || bytes > size)
          throw damaged(path, `storage ${storage.key} has ${member.size} bytes instead of ${bytes}`);
        yield [storage.key, await member.read()];
        left.delete(member.name);
        if (left.size === 0) return;
      }
      for (const { key } of left.values()) throw damaged(path, `storage ${shortName(key)} is missing`);
    },
  };
}

/** The archive's members; what the unpacker throws is damage. */
async function* members(path: string): ReturnType<typeof zipMembers> {
  try {
    for await (const member of zipMembers(path)) {
      const read = (): Promise<Uint8Array> =>
        member.read().catch((thrown: unknown) => {
          throw damaged(path, `${shortName(member.name)}: ${messageOf(thrown)}`, thrown);
        });
      yield { ...member, read };
    }
  } catch (thrown) {
    throw thrown instanceof LineamentError ? thrown : damaged(path, messageOf(thrown), thrown);
  }
}

const magic = 0x1950a86a20f9469cfc6cn;

/** Pickles of a magic number, a version, the machine, the object and its storages' keys; then the storages. */
async function openStream(path: string, size: number): Promise<TorchFile> {
  const bytes = await withFile(path, (handle) => readAt(handle, 0, Math.min(size, mostPickleBytes)));
  let end = 0;
  const next = (): PickleValue => {
    const read = readPickle(bytes, options(path), end);
    end = read.end;
    return read.value;
  };
  if (next() !== magic)
    throw error('weights/not-torch', { file: path, detail: 'it is a pickle of something else' });
  const version = next();
  if (version !== 1001)
    throw error('weights/unsupported', { file: path, what: `version ${String(version)}` });
  if (entriesOf(next()).get('little_endian') !== true)
    throw error('weights/unsupported', { file: path, what: 'numbers in another order of bytes' });
  const object = next();
  const keys = (ofKind(next(), 'list')?.items ?? []).map(textOf);
  const state = findState(object, path);
  const described = storagesIn(object);
  return {
    state,
    storages: async function* (wanted) {
      const handle = await opened(path);
      try {
        const left = new Set(wanted.map(({ key }) => key));
        let at = end;
        for (const key of keys) {
          if (left.size === 0) return;
          const storage = described.get(key ?? '');
          if (key === null || storage === undefined)
            throw damaged(path, `nothing says what storage ${shortName(key ?? '?')} holds`);
          const lengths = await readAt(handle, at, 8);
          const length = Number(Buffer.from(lengths).readBigInt64LE());
          if (length !== storage.length)
            throw damaged(path, `storage ${key} has ${length} numbers instead of ${storage.length}`);
          at += 8;
          if (left.delete(key)) yield [key, await readAt(handle, at, bytesOf(storage), size)];
          at += bytesOf(storage);
        }
        for (const key of left) throw damaged(path, `storage ${shortName(key)} is missing`);
      } catch (thrown) {
        if (thrown instanceof CutOff) throw damaged(path, thrown.message, thrown);
        throw thrown;
      } finally {
        await handle.close();
      }
    },
  };
}

const bytesOf = ({ type, length }: TorchStorage): number => length * bytesOfType(type);

class CutOff extends Error {}

/** Asked for before it is allocated: a claimed length alone never costs memory. */
async function readAt(
  handle: FileHandle,
  position: number,
  length: number,
  size: number = position + length,
): Promise<Uint8Array> {
  if (position + length > size)
    throw new CutOff(`it ends at byte ${size}, and ${position + length} are needed`);
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new CutOff(`it ends at byte ${position + done}`);
    done += bytesRead;
  }
  return bytes;
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

async function opened(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((thrown: unknown) => {
    throw error('file/cannot-read', { path, detail: messageOf(thrown) }, thrown);
  });
}

async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await opened(path);
  try {
    return await work(handle);
  } catch (thrown) {
    if (thrown instanceof LineamentError) throw thrown;
    throw error('file/cannot-read', { path, detail: messageOf(thrown) }, thrown);
  } finally {
    await handle.close();
  }
}
