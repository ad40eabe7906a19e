import { describe, expect, it } from 'vitest';
import { PointEditor } from '../../../src/renderer/state/point-editor.svelte.ts';

const start = [10, 20, 30, 20, 20, 30, 12, 40, 28, 40];

describe('PointEditor', () => {
  it('moves the chosen point, and only that', () => {
    const editor = new PointEditor(start, 100, 100);
    editor.nudge(1, 0);
    expect(editor.changed).toBe(false);
    editor.chosen = 2;
    editor.nudge(10, -1);
    expect(editor.points).toEqual([10, 20, 30, 20, 30, 29, 12, 40, 28, 40]);
    expect(editor.changed).toBe(true);
  });

  it('takes back and does again, a drag as one step', () => {
    const editor = new PointEditor(start, 100, 100);
    editor.chosen = 0;
    editor.nudge(1, 0);
    editor.begin();
    editor.set(1, 31, 21);
    editor.set(1, 35, 25);
    editor.undo();
    expect(editor.points.slice(0, 4)).toEqual([11, 20, 30, 20]);
    editor.undo();
    expect(editor.points).toEqual(start);
    expect(editor.canUndo).toBe(false);
    editor.redo();
    editor.redo();
    expect(editor.points.slice(0, 4)).toEqual([11, 20, 35, 25]);
    expect(editor.canRedo).toBe(false);
  });

  it('forgets what was undone once something else is done', () => {
    const editor = new PointEditor(start, 100, 100);
    editor.chosen = 4;
    editor.nudge(1, 1);
    editor.undo();
    editor.nudge(0, 5);
    expect(editor.canRedo).toBe(false);
    editor.revert();
    expect(editor.points).toEqual(start);
    editor.undo();
    expect(editor.points[9]).toBe(45);
  });

  it('keeps points near the photograph', () => {
    const editor = new PointEditor(start, 100, 60);
    editor.set(0, -1e6, 1e6);
    expect(editor.points.slice(0, 2)).toEqual([-50, 90]);
  });
});
