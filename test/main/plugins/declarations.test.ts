import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pluginKinds } from '../../../src/core/plugins/name.ts';
import { declarations } from '../../../src/main/plugins/declarations.ts';
import { examples } from '../../../src/main/plugins/examples.ts';
import { inFolder, writeFiles } from '../../support/folders.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** What the compiler has against files beside `lineament.d.ts`. */
async function complaints(files: Readonly<Record<string, string>>): Promise<string> {
  return await inFolder(async (folder) => {
    const options = {
      ...{ target: 'ES2024', lib: ['ES2024'], module: 'NodeNext', moduleResolution: 'NodeNext', types: [] },
      ...{ strict: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true },
      ...{ allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true },
    };
    await writeFiles(folder, {
      ...files,
      'package.json': '{"type":"module"}',
      'lineament.d.ts': declarations,
      'tsconfig.json': JSON.stringify({ compilerOptions: options, include: [folder] }),
    });
    return await promisify(execFile)(process.execPath, [compiler, '-p', folder]).then(
      ({ stdout }) => stdout,
      (thrown: { readonly stdout: string }) => thrown.stdout,
    );
  });
}

describe('lineament.d.ts', () => {
  it('says of what plugins are given no more than there is', async () => {
    const kit = JSON.stringify(join(root, 'src/core/plugins/kit.ts'));
    const text = `import { kit } from ${kit};
      import type { Lineament } from './lineament.d.ts';
      export const given: Lineament = kit;`;
    expect(await complaints({ 'kit.ts': text })).toBe('');
  }, 120_000);

  it('is what the examples are right by, and finds what is wrong', async () => {
    const files = Object.fromEntries(pluginKinds.map((kind) => [`little.${kind}.ts`, examples[kind]]));
    expect(await complaints(files)).toBe('');
    const wrong = examples.backbone.replace('ops.add(outer, short)', 'ops.ad(outer, short)');
    expect(await complaints({ 'wrong.backbone.ts': wrong })).toMatch(
      /wrong\.backbone\.ts\(\d+,\d+\).*'ad' does not exist/,
    );
  }, 120_000);
});
