import { describe, expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { checkAugmentation, checkSampler } from '../../../src/main/plugins/check-data.ts';
import { checkNetwork } from '../../../src/main/plugins/check-network.ts';
import { examples } from '../../../src/main/plugins/examples.ts';
import { runPlugin } from '../../../src/main/plugins/load.ts';
import { asBackbone, asHead } from '../../../src/main/plugins/networks.ts';

/** The line of the last place where a text has a part. */
const lineOf = (text: string, part: string): number =>
  text.slice(0, text.lastIndexOf(part)).split('\n').length;

/** The message of what is thrown when an example with one part replaced is checked. */
async function refused(
  kind: 'backbone' | 'head' | 'sampler' | 'augmentation',
  part: string,
  by: string,
): Promise<{ readonly message: string; readonly line: number }> {
  expect(examples[kind]).toContain(part);
  const plugin = { file: `mine.${kind}.ts`, text: examples[kind].replace(part, () => by) };
  const check =
    kind === 'sampler'
      ? checkSampler(plugin)
      : kind === 'augmentation'
        ? checkAugmentation(plugin)
        : checkNetwork(kind, plugin, 1);
  const thrown = await check.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(thrown).toMatchObject({ code: 'plugin/failed' });
  return { message: (thrown as Error).message, line: lineOf(plugin.text, by) };
}

describe('errors of plugins', () => {
  it.each([
    ['what is no TypeScript', 'let x = ', 'let x = = ', 'it cannot be loaded'],
    ['what only a compiler knows', 'let x = ', 'enum A { B } let x = ', 'enum is not supported'],
    [
      'a name that is not there',
      'x = ops.add(outer, short)',
      'x = ops.add(outer, inner0)',
      'inner0 is not defined.',
    ],
    [
      'shapes that do not fit',
      'x = ops.add(outer, short)',
      "x = ops.add(outer, conv2d(net, 'p', x, { out: 7, kernel: 1 }))",
      '[4,24,56,56] and [4,7,56,56] broadcast',
    ],
    [
      'a name that is given twice',
      `unit\${i}.b`,
      `unit\${i}.a`,
      'the name unit0.a.conv.weight is given twice',
    ],
    [
      'a layer that is not there',
      "block(net, 'stem'",
      "layers.blok(net, 'stem'",
      'layers.blok is not a function',
    ],
    [
      'another file',
      'import type {',
      "import { x } from './other.ts'; import type {",
      'it imports “./other.ts”, and a plugin is one file',
    ],
  ])('name the line of %s', async (_, part, by, words) => {
    const { message, line } = await refused('backbone', part, by);
    expect(message).toContain(`mine.backbone.ts, line ${line} does not work`);
    expect(message).toContain(words);
  });

  it('name the line where a parameter was asked for that nothing comes of', async () => {
    const { message } = await refused('backbone', 'x = ops.add(outer, short)', 'x = outer');
    const line = lineOf(examples.backbone, 'const short = ');
    expect(message).toContain(
      `line ${line} does not work: the parameter “unit0.short.weight” (and 11 more) is not part`,
    );
  });

  it('name the line where a parameter was asked for that has no derivative', async () => {
    const { message } = await refused(
      'head',
      'cosines(net, embeddings, target);',
      'ops.detach(cosines(net, embeddings, target));',
    );
    expect(message).toContain('has no derivative: it would never be trained.');
    expect(message).toContain(`line ${lineOf(examples.head, 'const cosine = cosines')} does not work`);
  });

  it('say what is wrong with what comes out', async () => {
    expect(
      (await refused('backbone', '{ embedding, dropout, output', '{ embedding: 64, dropout, output')).message,
    ).toContain('what “build” gives is [4, 64], and must be [4, 128].');
    expect((await refused('head', 'return { logits,', 'return { logits: own,')).message).toContain(
      'gives is [4, 1], and must be [4, 6].',
    );
    expect(
      (await refused('augmentation', 'return { width, height, data };', 'return { width: 1, height, data };'))
        .message,
    ).toContain('“augment” gives a picture of 1 × 112, and must give a picture of 112 × 112.');
    expect((await refused('sampler', 'export function plugin', 'export function other')).message).toContain(
      'it exports no function “plugin”',
    );
    expect((await refused('sampler', 'title:', 'titel:')).message).toContain(
      '“title” of what plugin returns is missing.',
    );
  });

  it('find out chance that is not of the run', async () => {
    const sampled = await refused('sampler', 'random.mixSeeds(seed, 77, epoch)', 'Math.random() * 1e9');
    expect(sampled.message).toContain('epoch 0 was asked for twice, and came in two orders.');
    const altered = await refused('augmentation', 'random.next() < 0.5', 'Math.random() < 0.5');
    expect(altered.message).toContain('came out in two ways');
  });
});

describe('what a plugin returns', () => {
  it('is a backbone with its settings, or a head', async () => {
    const plugin = { file: 'mine.backbone.ts', text: examples.backbone };
    const backbone = asBackbone(plugin, await runPlugin(plugin), 'plugin:mine');
    expect(backbone).toMatchObject({
      name: 'plugin:mine',
      title: 'Little steps',
      family: 'Your own',
      input: 112,
    });
    const net = openNet(true);
    const settings = { ...backbone.defaults, embedding: 32, width: 8 };
    expect(backbone.build(net, input('pictures', [2, 3, 32, 32]), settings).shape).toEqual([2, 32]);
    const other = { file: 'mine.head.ts', text: examples.head };
    const head = asHead(other, await runPlugin(other), 'plugin:mine');
    expect(head.presets).toEqual({ 'Its own': { scale: 32, margin: 0.2, raise: 0.05 } });
    expect(head.expectedLoss({ scale: 32, margin: 0.2, raise: 0 } as object, 100, 512)).toBeGreaterThan(
      Math.log(100),
    );
  });

  it('is nothing else', async () => {
    const plugin = {
      file: 'mine.head.js',
      text: 'export const plugin = () => ({ title: "x", build: () => 1, bild: 2 });',
    };
    const made = await runPlugin(plugin);
    expect(() => asHead(plugin, made, 'plugin:mine')).toThrow(
      'line 1 does not work: “bild” is nothing that a plugin of its kind has.',
    );
  });
});
