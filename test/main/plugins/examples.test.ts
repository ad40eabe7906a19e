import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pluginKinds } from '../../../src/core/plugins/name.ts';
import { checkAugmentation, checkSampler } from '../../../src/main/plugins/check-data.ts';
import { checkNetwork } from '../../../src/main/plugins/check-network.ts';
import { examples } from '../../../src/main/plugins/examples.ts';

const document = readFileSync(fileURLToPath(new URL('../../../docs/plugins.md', import.meta.url)), 'utf8');
const shown = [...document.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text);

describe('the documented examples', () => {
  it.each(pluginKinds)('of a %s is shown as it is written', (kind) => {
    expect(shown).toContain(examples[kind]);
  });

  it('work: what is built is counted, the loss begins and falls as it should', async () => {
    const backbone = await checkNetwork('backbone', { file: 'mine.backbone.ts', text: examples.backbone }, 1);
    expect(backbone[0]).toBe('It has 291,296 parameters and makes 128 numbers of a picture of 112 pixels.');
    expect(backbone[2]).toContain('falls as the derivative says');
    const head = await checkNetwork('head', { file: 'mine.head.ts', text: examples.head }, 1);
    expect(head[0]).toBe('It is built for 6 classes and has 96 parameters there.');
    const [, first = Number.NaN, expected = Number.NaN] =
      /loss is ([\d.]+); random weights should give about ([\d.]+\d)/.exec(head[1] ?? '')?.map(Number) ?? [];
    expect(Math.abs(first / expected - 1)).toBeLessThan(0.15);
    expect(head[2]).toContain('falls as the derivative says');
  });

  it('work: pictures come in an order and are altered, always in the same way', async () => {
    const [sampled] = await checkSampler({ file: 'mine.sampler.ts', text: examples.sampler });
    expect(sampled).toContain('It gives 96 pictures an epoch');
    const [altered] = await checkAugmentation({ file: 'mine.augmentation.ts', text: examples.augmentation });
    expect(altered).toMatch(/^It alters [1-9]\d* of 20 pictures/);
  });
});
