import { describe, expect, it } from 'vitest';
import { type KeyPress, keyNames, matches } from '../../../src/renderer/state/shortcuts.ts';

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe('matches', () => {
  it('wants exactly the modifiers that are written', () => {
    expect(matches('mod+z', press('z', { ctrlKey: true }))).toBe(true);
    expect(matches('mod+z', press('z', { metaKey: true }))).toBe(true);
    expect(matches('mod+z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(matches('mod+shift+z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(matches('z', press('z', { ctrlKey: true }))).toBe(false);
    expect(matches('alt+1', press('1', { altKey: true }))).toBe(true);
    expect(matches('1', press('1', { altKey: true }))).toBe(false);
  });

  it('lets signs need Shift, as they do on some keyboards', () => {
    expect(matches('?', press('?', { shiftKey: true }))).toBe(true);
    expect(matches('?', press('?'))).toBe(true);
  });

  it('tells an arrow from an arrow with Shift', () => {
    expect(matches('arrowleft', press('ArrowLeft'))).toBe(true);
    expect(matches('arrowleft', press('ArrowLeft', { shiftKey: true }))).toBe(false);
    expect(matches('shift+arrowleft', press('ArrowLeft', { shiftKey: true }))).toBe(true);
  });
});

describe('keyNames', () => {
  it('names keys as they are printed', () => {
    expect(keyNames('mod+shift+z')).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(keyNames('mod+k', true)).toEqual(['⌘', 'K']);
    expect(keyNames('arrowup')).toEqual(['↑']);
  });
});
