import { describe, expect, it } from 'vitest';
import { changeSettings, getSettings, setValue } from '../../../src/main/store/settings.ts';
import { inStore } from './support.ts';

describe('settings', () => {
  it('have defaults, keep changes, and survive what another version wrote', () => {
    inStore((store) =>
      store.write((writer) => {
        const before = getSettings(writer);
        expect(changeSettings(writer, { tinyFace: 40, threads: 2 })).toEqual({
          ...before,
          tinyFace: 40,
          threads: 2,
        });
        expect(changeSettings(writer, { threads: null }).tinyFace).toBe(40);
        setValue(writer, 'settings', JSON.stringify({ tinyFace: 40, ofTheFuture: true }));
        expect(getSettings(writer)).toEqual({ ...before, tinyFace: 40 });
        setValue(writer, 'settings', JSON.stringify({ tinyFace: 'many' }));
        expect(getSettings(writer)).toEqual(before);
      }),
    );
  });
});
