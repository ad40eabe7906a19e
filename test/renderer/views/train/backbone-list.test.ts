import { expect, it } from 'vitest';
import { backbones } from '../../../../src/core/backbones/index.ts';
import { backboneInfo } from '../../../../src/core/contract/backbone-info.ts';
import type { BackboneInfo } from '../../../../src/core/contract/training.ts';
import {
  familiesOf,
  keptSettings,
  matching,
} from '../../../../src/renderer/views/train/wizard/backbone-list.ts';

const wanted = ['mobilefacenet', 'ir-50', 'ir-se-50', 'resnet-50', 'resnet-101', 'swin-t'];
const list = backbones.filter(({ name }) => wanted.includes(name)).map(backboneInfo);
const names = (some: readonly BackboneInfo[]): string[] => some.map(({ name }) => name);
function infoOf(name: string): BackboneInfo {
  const found = list.find((one) => one.name === name);
  if (!found) throw new Error(`no backbone ${name}`);
  return found;
}

it('groups variants by their family, and leaves nobody out', () => {
  const families = familiesOf(list);
  expect(families.find(({ title }) => title === 'ResNet')?.members.map(({ name }) => name)).toEqual([
    'resnet-50',
    'resnet-101',
  ]);
  expect(names(families.flatMap(({ members }) => members)).toSorted()).toEqual(wanted.toSorted());
});

it('finds by all words of name, title or family', () => {
  expect(matching(list, ' ')).toEqual(list);
  expect(names(matching(list, 'resnet50'))).toEqual(['resnet-50']);
  expect(names(matching(list, 'IRSE'))).toEqual(['ir-se-50']);
  expect(names(matching(list, '50 ir'))).toEqual(['ir-50', 'ir-se-50']);
  expect(matching(list, 'vgg')).toEqual([]);
});

it('keeps of the settings what another backbone reads too', () => {
  const settings = { size: 112, dropout: 0.4, options: { stem: 'deep', reduction: 8, activation: 'silu' } };
  const kept = (name: string) => keptSettings(infoOf(name), (setting) => settings[setting]);
  expect(kept('ir-se-50')).toEqual({
    ...settings,
    options: { reduction: 8, activation: 'silu' },
  });
  expect(kept('resnet-50')).toEqual({ ...settings, options: { stem: 'deep', activation: 'silu' } });
  expect(kept('mobilefacenet')).toEqual({ size: 112, dropout: null, options: { activation: 'silu' } });
  expect(keptSettings(infoOf('ir-50'), () => undefined)).toEqual({ size: 112, dropout: null, options: {} });
  expect(kept('swin-t').size).toBe(infoOf('swin-t').input);
});
