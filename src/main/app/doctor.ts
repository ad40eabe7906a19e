import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { error, toErrorInfo } from '../../core/base/errors.ts';
import type { Check } from '../../core/contract/app.ts';
import type { DeviceInfo } from '../../core/contract/training.ts';
import { bundledBackends, providerStates } from '../engine/providers.ts';
import type { Context } from './context.ts';

const gib = 2 ** 30;
const amount = (bytes: number): string => `${(bytes / gib).toFixed(1)} GiB`;

function good(name: string, detail: string): Check {
  return { name, state: 'good', detail, hint: '' };
}

function nodeVersion(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const detail = `Node ${process.versions.node}${process.versions['electron'] ? `, Electron ${process.versions['electron']}` : ''}`;
  if (major > 22 || (major === 22 && minor >= 14)) return good('Node', detail);
  return { name: 'Node', state: 'bad', detail, hint: error('app/node-too-old', { version: detail }).hint };
}

async function diskSpace(dataDir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const detail = `${amount(free)} free where ${dataDir} is`;
  if (free > 2 * gib) return good('Disk', detail);
  const hint = 'Free some space: crops and embeddings need about 30 KiB a face.';
  return { name: 'Disk', state: free > gib / 4 ? 'warning' : 'bad', detail, hint };
}

function database(context: Context): Check {
  const problems = context.store.check();
  if (problems.length === 0) return good('Database', 'Whole');
  const detail = problems.slice(0, 3).join('; ');
  return {
    name: 'Database',
    state: 'bad',
    detail,
    hint: error('store/damaged', { path: '', detail: '' }).hint,
  };
}

async function models(context: Context): Promise<Check> {
  const list = context.shelf.list();
  const damaged: string[] = [];
  for (const { problem } of context.shelf.problems()) damaged.push(toErrorInfo(problem).message);
  for (const { card } of list) {
    await context.shelf.verify(card.id).catch((thrown: unknown) => damaged.push(toErrorInfo(thrown).message));
  }
  if (damaged.length > 0) {
    const hint = 'Run `npm run models` for built-in models; import others again.';
    return { name: 'Models', state: 'bad', detail: damaged.join(' '), hint };
  }
  const builtIn = list.filter((model) => model.builtIn).length;
  return good('Models', `${builtIn} built in, ${list.length - builtIn} imported, checksums right`);
}

/** The optional TensorFlow engine: installed without its native part, since that is a large download. */
function tensorflow(): Check {
  const name = 'TensorFlow (optional)';
  const hint =
    'To use it, run `npm rebuild @tensorflow/tfjs-node-gpu --ignore-scripts=false` with allowScripts set for it in package.json; it downloads about 400 MB from outside the registry and needs CUDA 11.2.';
  try {
    const root = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
    if (existsSync(join(root, 'deps', 'lib'))) return good(name, 'switched on');
    return { name, state: 'good', detail: 'not switched on; nothing needs it', hint };
  } catch {
    return { name, state: 'good', detail: 'not installed; nothing needs it', hint };
  }
}

/** What a device was found to be when it was tried. */
function tried({ provider, available, reason, noMixed }: DeviceInfo): Check {
  const name = `onnxruntime ${provider}, tried`;
  if (!available) return { name, state: 'good', detail: `cannot be used: ${reason}`, hint: '' };
  const precision = noMixed === null ? 'mixed precision too' : `single precision only. ${noMixed}`;
  return { name, state: 'good', detail: `works, ${precision}`, hint: reason };
}

/** Looks at everything that Lineament stands on; nothing is changed. `devices`: as they were tried; null: they were not. */
export async function examine(context: Context, devices: readonly DeviceInfo[] | null): Promise<Check[]> {
  const bundled = await bundledBackends();
  const states = providerStates(bundled, process);
  const there = new Set<string>(states.flatMap(({ provider, installed }) => (installed ? [provider] : [])));
  const memory = `${amount(freemem())} of ${amount(totalmem())} free`;
  return [
    nodeVersion(),
    good('Processor', `${availableParallelism()} threads`),
    freemem() > gib
      ? good('Memory', memory)
      : { name: 'Memory', state: 'warning', detail: memory, hint: 'Close other programs before heavy jobs.' },
    await diskSpace(context.dataDir),
    database(context),
    await models(context),
    ...states.map(({ provider, installed, reason }) => ({
      name: `onnxruntime ${provider}`,
      state: 'good' as const,
      detail: installed ? 'available' : 'not in this installation',
      hint: installed ? '' : reason,
    })),
    tensorflow(),
    ...(devices ?? []).filter(({ provider }) => there.has(provider)).map(tried),
  ];
}
