import { describe, expect, it } from 'vitest';
import { moveCursor } from '../../../src/renderer/state/grid-keys.ts';

// 0 1 2 3
// 4 5 6 7
// 8 9
const shape = { count: 10, columns: 4, rowsInView: 2 };

describe('moveCursor', () => {
  it.each([
    [5, 'ArrowLeft', 4],
    [4, 'ArrowLeft', 3],
    [0, 'ArrowLeft', 0],
    [9, 'ArrowRight', 9],
    [5, 'ArrowUp', 1],
    [1, 'ArrowUp', 1],
    [5, 'ArrowDown', 9],
    [7, 'ArrowDown', 9],
    [9, 'ArrowDown', 9],
    [9, 'PageUp', 1],
    [6, 'PageUp', 2],
    [1, 'PageDown', 9],
    [6, 'Home', 0],
    [0, 'End', 9],
  ])('from %i by %s goes to %i', (from, key, to) => {
    expect(moveCursor(from, key, shape)).toBe(to);
  });

  it('leaves other keys alone, and every key in an empty grid', () => {
    expect(moveCursor(3, 'n', shape)).toBeNull();
    expect(moveCursor(0, 'End', { count: 0, columns: 4, rowsInView: 2 })).toBeNull();
  });

  it('never leaves the grid', () => {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']) {
      for (let columns = 1; columns < 6; columns++) {
        for (let from = 0; from < 13; from++) {
          const to = moveCursor(from, key, { count: 13, columns, rowsInView: 3 });
          expect(to).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThan(13);
        }
      }
    }
  });
});
