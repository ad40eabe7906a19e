import { expect, it } from 'vitest';
import { nearNames } from '../../../src/core/base/near.ts';

const names = ['ir-50', 'ir-se-50', 'resnet-50', 'resnet-101', 'swin-t', 'mobilenet-v3-large'];

it.each<[string, string]>([
  ['resnet50', 'resnet-50'],
  ['ResNet-50', 'resnet-50'],
  ['irse50', 'ir-se-50'],
  ['ir50', 'ir-50'],
  ['mobilenet', 'mobilenet-v3-large'],
  ['swin', 'swin-t'],
])('takes %s for %s', (written, meant) => {
  expect(nearNames(written, names)[0]).toBe(meant);
});

it('gives no more than is asked for', () => {
  expect(nearNames('x', names)).toHaveLength(5);
  expect(nearNames('resnet', names, 2).toSorted()).toEqual(['resnet-101', 'resnet-50']);
});
