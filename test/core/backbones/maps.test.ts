import { describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { mapsOf, stageMaps } from '../../../src/core/backbones/maps.ts';
import { defined } from '../../../src/core/base/assert.ts';
import { input } from '../../../src/core/graph/builder.ts';
import { conv2d } from '../../../src/core/layers/conv2d.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { add } from '../../../src/core/ops/add.ts';
import { relu } from '../../../src/core/ops/relu.ts';

const named = (name: string) =>
  defined(
    backbones.find((one) => one.name === name),
    name,
  );
const seen = (name: string): string[] => {
  const backbone = named(name);
  return mapsOf(backbone, backbone.defaults, backbone.input).map(
    ({ name: part, value: { shape, op } }) => `${part} ${shape.slice(1).join('×')} ${op.name}`,
  );
};

describe('the maps of a network’s parts', () => {
  it('are its stages’ results, after the last unit’s sum and activation', () => {
    expect(seen('ir-50')).toEqual([
      ...['stem 64×112×112 prelu', 'stage1 64×56×56 add', 'stage2 128×28×28 add'],
      ...['stage3 256×14×14 add', 'stage4 512×7×7 add'],
    ]);
    expect(seen('resnet-18')).toEqual([
      ...['stem 64×28×28 maxPool', 'stage1 64×28×28 relu', 'stage2 128×14×14 relu'],
      ...['stage3 256×7×7 relu', 'stage4 512×4×4 relu'],
    ]);
    expect(seen('mobilefacenet').slice(2)).toEqual([
      ...['stage1 64×28×28 add', 'stage2 128×14×14 add', 'stage3 128×7×7 add'],
    ]);
  });

  it('are nothing of a unit that a shortcut passes by', () => {
    const net = openNet(false);
    const x = input('x', [2, 3, 8, 8]);
    const conv = (name: string, from: typeof x) => conv2d(net, name, from, { out: 3, kernel: 3, padding: 1 });
    const inside = relu(conv('one.a', x));
    const sum = add(x, conv('one.b', inside));
    const end = conv('two.a', sum);
    expect(stageMaps(x, end)).toEqual([
      { name: 'one', value: sum },
      { name: 'two', value: end },
    ]);
    // `one` is used until the end: nothing between the parts is all that goes on
    const around = add(inside, conv('two.b', sum));
    expect(stageMaps(x, around)).toEqual([{ name: 'two', value: around }]);
  });

  it('are the same where it is trained and where it is used', () => {
    for (const name of ['ir-se-50', 'mobilenet-v3-large', 'densenet-121', 'shufflenet-v2-1', 'hrnet-w18']) {
      const backbone = named(name);
      const x = input('x', [2, 3, 112, 112]);
      const maps = stageMaps(x, backbone.build(openNet(true), x, backbone.defaults));
      expect(maps.map(({ name: part }) => part)).toEqual(seen(name).map((line) => line.split(' ')[0]));
    }
  });

  it.each(backbones.filter(({ name }) => !name.startsWith('swin')).map(({ name }) => name))(
    '%s has several, each smaller than or as large as the one before',
    (name) => {
      const backbone = named(name);
      const sides = mapsOf(backbone, backbone.defaults, backbone.input).map(
        ({ value }) => value.shape[2] ?? 0,
      );
      expect(sides.length).toBeGreaterThan(3);
      expect(sides).toEqual(sides.toSorted((a, b) => b - a));
    },
  );

  it('are none where channels come last, as in Swin after its patches', () => {
    expect(seen('swin-t')).toEqual(['patches 96×56×56 add']);
  });
});
