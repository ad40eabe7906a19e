import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Backbone, BackboneSettings } from '../../../src/core/backbones/backbone.ts';
import { densenet } from '../../../src/core/backbones/densenet.ts';
import { dpn } from '../../../src/core/backbones/dpn.ts';
import { ir } from '../../../src/core/backbones/ir.ts';
import { resnest } from '../../../src/core/backbones/resnest.ts';
import { type ResnetDesign, resnet } from '../../../src/core/backbones/resnet.ts';
import { type FamilyGolden, holdAgainstTorch } from '../../support/reference/family.ts';

interface Golden {
  readonly batch: number;
  readonly embedding: number;
  readonly side: number;
  readonly networks: Readonly<Record<string, FamilyGolden>>;
}
const path = new URL('../../fixtures/residual-families.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

const small = (design: Pick<ResnetDesign, 'units' | 'unit' | 'groups' | 'width' | 'excite' | 'first'>) =>
  resnet('ResNet', { name: 'small', title: 'Small', ...design });

const cases: Readonly<Record<string, readonly [Backbone, Partial<BackboneSettings>]>> = {
  'resnet-basic': [small({ units: [1, 2, 1, 1], unit: 'basic', first: 16 }), {}],
  'resnet-deep-mean-own': [
    small({ units: [1, 1, 1, 1], unit: 'bottleneck', first: 8 }),
    { stem: 'deep', shortcut: 'mean', output: 'own' },
  ],
  'resnext-fine': [
    small({ units: [1, 1, 1, 1], unit: 'bottleneck', groups: 8, width: 4, first: 16 }),
    { stem: 'fine' },
  ],
  'se-resnet': [small({ units: [1, 1, 2, 1], unit: 'bottleneck', excite: true, first: 16 }), {}],
  'ir-se': [ir(0, [1, 2, 1, 1], true), {}],
  'ir-se-mean': [ir(0, [1, 1, 1, 1], true), { shortcut: 'mean', reduction: 8 }],
  resnest: [resnest(0, [1, 2, 1, 1]), {}],
  densenet: [densenet({ layers: 0, units: [2, 3, 2, 2], growth: 8, first: 16 }), {}],
  dpn: [
    dpn({
      ...{ layers: 0, first: 10, kernel: 3, base: 16, middle: 32, groups: 8 },
      ...{ units: [1, 2, 2, 1], growth: [4, 8, 8, 16] },
    }),
    {},
  ],
};

it('has numbers of PyTorch for each', () => {
  expect(Object.keys(golden.networks)).toEqual(Object.keys(cases));
});

describe.each(Object.entries(golden.networks))('a small %s', (name, wanted) => {
  const [backbone, options] = cases[name] ?? [];
  if (!backbone) throw new Error(`no network ${name}`);
  const { batch, embedding, side } = golden;
  const settings = { ...backbone.defaults, ...options, embedding, dropout: 0 };
  // ResNeSt normalises single numbers of four pictures: PyTorch's own float32 is 0.012 away from its double there.
  const tolerance = name === 'resnest' ? 0.05 : 0.01;
  holdAgainstTorch({ backbone, settings, shape: [batch, 3, side, side], tolerance }, wanted);
});
