import { describe, expect, it } from 'vitest';
import { PhotoView } from '../../../src/renderer/state/photo-view.svelte.ts';

function viewOf(): PhotoView {
  const view = new PhotoView(1600, 1000);
  view.width = 800;
  view.height = 600;
  return view;
}

describe('PhotoView', () => {
  it('shows the whole photograph at first', () => {
    const view = viewOf();
    expect(view.scale).toBe(0.5);
    expect(view.zoomed).toBe(false);
  });

  it('zooms around a point that stays where it is', () => {
    const view = viewOf();
    const share = (): number => (400 - view.rect.x) / view.rect.width;
    const before = share();
    view.zoomAround(0.5, 400, 300);
    expect(view.scale).toBe(1);
    expect(share()).toBeCloseTo(before, 12);
    expect(view.zoomed).toBe(true);
  });

  it('pans by CSS pixels and comes back', () => {
    const view = viewOf();
    view.pan(10, -20);
    expect(view.rect).toEqual({ x: -20, y: 40, width: 1600, height: 1000 });
    view.fit();
    expect(view.rect.x).toBe(0);
  });

  it('brings a face into the middle, all of it', () => {
    const view = viewOf();
    view.zoomTo({ x: 100, y: 200, width: 50, height: 60 });
    const { rect } = view;
    expect(rect.x + rect.width / 2).toBe(125);
    expect(rect.y + rect.height / 2).toBe(230);
    expect(rect.width / rect.height).toBeCloseTo(800 / 600, 12);
    expect(rect.height).toBeGreaterThanOrEqual(60);
  });
});
