import { describe, expect, it } from 'vitest';
import {
  addDataset,
  addSources,
  findDataset,
  getDataset,
  getSource,
  scopeOf,
} from '../../../src/main/store/datasets.ts';
import { inStore } from './support.ts';

describe('datasets', () => {
  it('are found by name unless they are removed, and remember each import once', () => {
    inStore((store) =>
      store.write((writer) => {
        const first = addDataset(writer, 'A', 1);
        expect(addSources(writer, first, ['/x'])).toBe(0);
        expect(addSources(writer, first, ['/y', '/z'])).toBe(1);
        expect(addSources(writer, first, ['/x'])).toBe(0);
        expect(getSource(writer, first)?.sources).toEqual([['/x'], ['/y', '/z']]);
        expect(getDataset(writer, 'm', first)?.source).toBe('/x, /y, /z');
        expect(() => addDataset(writer, 'A', 1)).toThrow(/UNIQUE/);
        writer.run('UPDATE dataset SET removed = 1 WHERE id = ?', [first]);
        expect(findDataset(writer, 'A')).toBeNull();
        const second = addDataset(writer, 'A', 1);
        expect(findDataset(writer, 'A')).toBe(second);
        expect(scopeOf(writer, null)).toEqual([second]);
        expect(scopeOf(writer, [first, second, 99])).toEqual([second]);
      }),
    );
  });
});
