import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTfjs, restoreUtil } from '../../../src/main/engine/tfjs/load.ts';

let dir = '';
const require = createRequire(import.meta.url);
/** A package as tfjs-node is: CommonJS that takes Node's `util` and calls it when it is first used. */
function fake(name: string, text: string): string {
  const file = join(dir, `${name}.cjs`);
  writeFileSync(file, text);
  return file;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lineament-tfjs-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('loadTfjs', () => {
  it('gives the package what this Node has no more', async () => {
    const file = fake(
      'util',
      `const util = require('util');
       exports.said = [null, undefined, 0, []].map((x) => [util.isNullOrUndefined(x), util.isArray(x)]);
       exports.ready = async () => {};`,
    );
    expect(await loadTfjs(require, file)).toMatchObject({
      said: [
        [true, false],
        [true, false],
        [false, false],
        [false, true],
      ],
    });
  });

  it.each([
    [
      'no native library',
      "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: /x. \\nPlease run')",
      'its native library is not there.',
    ],
    [
      'another failure',
      "throw new Error('libcudart.so.11.0: cannot open shared object file\\nmore')",
      'libcudart.so.11.0: cannot open shared object file',
    ],
    [
      'a backend that does not start',
      "exports.ready = async () => { throw new Error('no device') };",
      'no device',
    ],
  ])('says why it cannot be used: %s', async (title, text, detail) => {
    const file = fake(title.replaceAll(' ', '-'), text);
    await expect(loadTfjs(require, file)).rejects.toMatchObject({
      code: 'engine/tfjs-unavailable',
      values: { detail },
    });
  });

  it('names a package that is not installed', async () => {
    await expect(loadTfjs(require, 'lineament-no-such-package')).rejects.toMatchObject({
      code: 'engine/tfjs-unavailable',
      values: { detail: 'the package lineament-no-such-package is not installed.' },
    });
  });

  it('leaves alone what is there', () => {
    const isArray = () => true;
    const util = { isArray };
    restoreUtil(util);
    expect(util.isArray).toBe(isArray);
    expect(util).toHaveProperty('isNullOrUndefined');
  });
});
