import { describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { mobilefacenet } from '../../../src/core/backbones/mobilefacenet.ts';
import { LineamentError } from '../../../src/core/base/errors.ts';
import { namesIn } from '../../../src/core/weights/layouts.ts';
import { matchWeights, type WantedNetwork, wantedOf } from '../../../src/core/weights/match.ts';
import { fitBackbone, recogniseBackbone } from '../../../src/core/weights/network-of.ts';
import type { TorchState, TorchTensor } from '../../../src/core/weights/torch-state.ts';

const tensor = (name: string, shape: readonly number[]): TorchTensor => {
  const length = shape.reduce((a, b) => a * b, 1);
  return {
    name,
    shape,
    strides: shape.map(() => 1),
    offset: 0,
    storage: { key: name, type: 'float32', length },
  };
};
const stateOf = (tensors: readonly TorchTensor[], where = ''): TorchState => ({
  tensors,
  where,
  facts: { epoch: 3 },
});

/** A file of MobileFaceNet as PyTorch names it. */
function mobile(prefix: string, { embedding = 512, size = 112 } = {}): TorchTensor[] {
  const network = { backbone: mobilefacenet, settings: { ...mobilefacenet.defaults, embedding }, size };
  const wanted = wantedOf(network);
  const names = namesIn(
    'evolve',
    'mobilefacenet',
    wanted.map(({ name }) => name),
  );
  return wanted.map(({ name, shape }) => tensor(`${prefix}${names?.get(name)}`, shape));
}
const network: WantedNetwork = { backbone: mobilefacenet, settings: mobilefacenet.defaults, size: 112 };
const wanted = wantedOf(network).length;

describe('a state of a known layout', () => {
  it('fits whatever stands before its names', () => {
    const cases = [
      ['', '', 'evolve'],
      ['module.', '', 'evolve'],
      ['backbone.', 'state_dict', 'facex'],
      ['module.backbone.', 'state_dict', 'facex'],
      ['model.encoder.', '', 'evolve'],
    ] as const;
    for (const [prefix, where, layout] of cases) {
      const { report, tensors } = matchWeights(stateOf(mobile(prefix), where), network, 'x');
      expect(report).toMatchObject({
        prefix,
        where,
        layout,
        matched: wanted,
        missing: [],
        otherShape: [],
        unused: [],
      });
      expect(tensors.size).toBe(wanted);
      expect(tensors.get('stage2.3.depthwise.bn.variance')?.name).toBe(
        `${prefix}conv_4.model.3.conv_dw.bn.running_var`,
      );
    }
  });

  it('fits in Lineament’s own names', () => {
    const own = wantedOf(network).map(({ name, shape }) => tensor(name, shape));
    expect(matchWeights(stateOf(own), network, 'x').report).toMatchObject({
      layout: 'lineament',
      matched: wanted,
    });
  });

  it('has what is missing, of another shape, left over and counted said by name', () => {
    const tensors = mobile('backbone.').filter(({ name }) => name !== 'backbone.conv1.prelu.weight');
    const other = tensors.map((one) =>
      one.name === 'backbone.conv2_dw.conv.weight' ? tensor(one.name, [64, 64, 3, 3]) : one,
    );
    const more = [tensor('head.weight', [512, 10]), tensor('backbone.bn.num_batches_tracked', [])];
    const { report, tensors: found } = matchWeights(stateOf([...other, ...more]), network, 'x');
    expect(report).toEqual({
      ...{
        backbone: 'mobilefacenet',
        embedding: 512,
        size: 112,
        layout: 'facex',
        prefix: 'backbone.',
        where: '',
      },
      ...{ wanted, matched: wanted - 2, missing: ['stem.prelu.slope'], unused: ['head.weight'], counters: 1 },
      otherShape: [
        {
          ...{ name: 'stem-depthwise.conv.weight', theirs: 'backbone.conv2_dw.conv.weight' },
          ...{ wanted: [64, 1, 3, 3], got: [64, 64, 3, 3] },
        },
      ],
      numbers: [...found.values()].reduce((sum, { storage }) => sum + storage.length, 0),
      facts: { epoch: 3 },
    });
  });

  it('of which nothing fits is refused with what was tried, and how near it came', () => {
    const alien = stateOf([tensor('vgg.0.weight', [1]), tensor('conv1.conv.weight', [7, 7])]);
    expect(() => matchWeights(alien, network, 'x.pth')).toThrow(
      `No tensor of x.pth fits mobilefacenet. Tried were evolve and facex (1 of ${wanted} names), lineament (0 of ${wanted} names). The file has 2 tensors: vgg.0.weight, conv1.conv.weight.`,
    );
    try {
      matchWeights(alien, network, 'x.pth');
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(LineamentError);
      expect(thrown).toMatchObject({ code: 'weights/no-match', values: { count: 2 } });
    }
  });
});

describe('a file that nobody described', () => {
  it('tells the embedding’s length and the pictures’ size by its shapes', () => {
    const file = stateOf(mobile('', { embedding: 128, size: 224 }));
    const { report, network: found } = fitBackbone(file, mobilefacenet, 'x');
    expect(report).toMatchObject({ embedding: 128, size: 224, matched: wanted, otherShape: [] });
    expect(found.settings).toEqual({ ...mobilefacenet.defaults, embedding: 128 });
    // a size that was stated is kept, and what does not fit is told
    const kept = fitBackbone(file, mobilefacenet, 'x', { size: 112 });
    expect(kept.report).toMatchObject({ embedding: 128, size: 112, matched: wanted - 1 });
  });

  it('is recognised, or is nothing', () => {
    const few = backbones.filter(({ name }) => /^(mobilefacenet|ir-18|ir-34|ir-se-18)$/.test(name));
    expect(recogniseBackbone(stateOf(mobile('module.')), few, 'x')?.report.backbone).toBe('mobilefacenet');
    for (const backbone of few.slice(1)) {
      const names = wantedOf({ backbone, settings: backbone.defaults, size: 112 });
      const theirs = namesIn(
        'facex',
        backbone.name,
        names.map(({ name }) => name),
      );
      const file = stateOf(names.map(({ name, shape }) => tensor(`backbone.${theirs?.get(name)}`, shape)));
      expect(recogniseBackbone(file, few, 'x')?.report).toMatchObject({
        backbone: backbone.name,
        unused: [],
      });
      expect(recogniseBackbone(stateOf(file.tensors.slice(1)), few, 'x')).toBeNull();
    }
  });
});
