import { createRequire } from 'node:module';
import nodeUtil from 'node:util';
import { error } from '../../../core/base/errors.ts';
import type { Tf } from './tf.ts';

/** TensorFlow's own package, which the user switches on: its library is a large download from outside the registry. */
export const tfjsPackage = '@tensorflow/tfjs-node-gpu';

/** Functions of Node's `util` that tfjs-node calls and that Node 23 removed. */
const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
  isArray: Array.isArray,
  isNullOrUndefined: (value) => value === null || value === undefined,
};

/** Puts back what is missing of them, and leaves alone what is there. */
export function restoreUtil(util: object): void {
  for (const [name, value] of Object.entries(removed))
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true });
}

/** How a package is loaded: Node's `require`, as tfjs-node is CommonJS. */
export type Require = (name: string) => unknown;

/** TensorFlow with its native library. Throws `engine/tfjs-unavailable` with the reason. */
export async function loadTfjs(
  load: Require = createRequire(import.meta.url),
  name: string = tfjsPackage,
): Promise<Tf> {
  restoreUtil(nodeUtil);
  try {
    const tf = load(name) as Tf; // the package has no other type
    await tf.ready();
    return tf;
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    throw error('engine/tfjs-unavailable', { detail: reason(said, name) }, thrown);
  }
}

/** The first of what it says, without the addresses of its help pages. */
function reason(said: string, name: string): string {
  if (/tfjs_binding\.node/.test(said)) return 'its native library is not there.';
  if (said.includes(`Cannot find module '${name}'`)) return `the package ${name} is not installed.`;
  return said.split('\n')[0] ?? said;
}
