import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Live } from '../../../src/renderer/state/live.svelte.ts';
import { debounce, throttle } from '../../../src/renderer/state/throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('throttle', () => {
  it('runs at once, then with the last arguments only', () => {
    const run = vi.fn();
    const { call } = throttle(run, 100);
    call(1);
    call(2);
    call(3);
    expect(run.mock.calls).toEqual([[1]]);
    vi.advanceTimersByTime(100);
    expect(run.mock.calls).toEqual([[1], [3]]);
    vi.advanceTimersByTime(500);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('drops what waits when it is stopped', () => {
    const run = vi.fn();
    const { call, stop } = throttle(run, 100);
    call(1);
    call(2);
    stop();
    vi.advanceTimersByTime(500);
    expect(run.mock.calls).toEqual([[1]]);
  });
});

describe('debounce', () => {
  it('runs once it is quiet', () => {
    const run = vi.fn();
    const { call } = debounce(run, 50);
    call('a');
    vi.advanceTimersByTime(40);
    call('b');
    vi.advanceTimersByTime(49);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run.mock.calls).toEqual([['b']]);
  });
});

describe('Live', () => {
  it('gathers changes, so that a running job does not reload views all the time', () => {
    const live = new Live();
    for (let i = 0; i < 20; i++) live.changed(['faces']);
    expect(live.version('faces')).toBe(0);
    vi.advanceTimersByTime(250);
    expect(live.version('faces')).toBe(1);
    expect(live.version('models')).toBe(0);
    live.everything();
    expect(live.version('faces', 'models')).toBe(3);
  });
});
