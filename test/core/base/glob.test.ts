import { expect, it } from 'vitest';
import { globs } from '../../../src/core/base/glob.ts';

const names = ['stem.conv.weight', 'stage1.0.conv1.weight', 'stage10.0.conv1.weight', 'head.linear.bias'];
const fitting = (...patterns: string[]): string[] => names.filter(globs(patterns));

it('takes a star for any text and everything else for itself', () => {
  expect(fitting('stage1.*')).toEqual(['stage1.0.conv1.weight']);
  expect(fitting('*.weight')).toEqual(names.slice(0, 3));
  expect(fitting('stem.conv.weight')).toEqual(['stem.conv.weight']);
  expect(fitting('stem?conv.weight', 'stem', '(a+)+', '')).toEqual([]);
});

it('lets the last pattern that fits decide', () => {
  expect(fitting('*', '!head.*')).toEqual(names.slice(0, 3));
  expect(fitting('!head.*', '*')).toEqual(names);
  expect(fitting('*', '!stage*', 'stage1.*')).toEqual([names[0], names[1], names[3]]);
  expect(fitting('!stage1.*')).toEqual([]);
});
