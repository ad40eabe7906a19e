// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Actions } from '../../../src/renderer/state/actions.svelte.ts';

afterEach(() => {
  document.body.replaceChildren();
});

function press(
  actions: Actions,
  key: string,
  target: Element = document.body,
  held: KeyboardEventInit = {},
): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held });
  target.addEventListener('keydown', (heard) => actions.handle(heard as KeyboardEvent), { once: true });
  target.dispatchEvent(event);
  return event;
}

describe('Actions', () => {
  it('runs the latest enabled action of a key', async () => {
    const actions = new Actions(() => {});
    const first = vi.fn();
    const second = vi.fn();
    let enabled = true;
    actions.add(() => [{ id: 'a', title: 'A', group: 'G', shortcut: 'x', run: first }]);
    const remove = actions.add(() => [
      { id: 'b', title: 'B', group: 'G', shortcut: 'x', enabled: () => enabled, run: second },
    ]);
    expect(press(actions, 'x').defaultPrevented).toBe(true);
    enabled = false;
    press(actions, 'x');
    enabled = true;
    remove();
    press(actions, 'x');
    await Promise.resolve();
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([2, 1]);
  });

  it('leaves letters and undo to fields for text, but not other commands', async () => {
    const actions = new Actions(() => {});
    const run = vi.fn();
    actions.add(() =>
      ['x', 'mod+z', 'mod+k'].map((shortcut) => ({
        id: shortcut,
        title: '',
        group: '',
        shortcut,
        run: () => run(shortcut),
      })),
    );
    const field = document.body.appendChild(document.createElement('input'));
    press(actions, 'x', field);
    press(actions, 'z', field, { ctrlKey: true });
    press(actions, 'k', field, { ctrlKey: true });
    await Promise.resolve();
    expect(run.mock.calls).toEqual([['mod+k']]);
  });

  it('leaves Enter to a button that has the focus', async () => {
    const actions = new Actions(() => {});
    const run = vi.fn();
    actions.add(() => [{ id: 'save', title: '', group: '', shortcut: 'enter', run }]);
    press(actions, 'Enter', document.body.appendChild(document.createElement('button')));
    await Promise.resolve();
    expect(run).not.toHaveBeenCalled();
    press(actions, 'Enter');
    await Promise.resolve();
    expect(run).toHaveBeenCalledOnce();
  });

  it('keeps Ctrl+Enter, wherever the focus is', async () => {
    const actions = new Actions(() => {});
    const run = vi.fn();
    actions.add(() => [{ id: 'next', title: '', group: '', shortcut: 'mod+enter', run }]);
    press(actions, 'Enter', document.body.appendChild(document.createElement('button')), { ctrlKey: true });
    await Promise.resolve();
    expect(run).toHaveBeenCalledOnce();
  });

  it('reports what an action throws', async () => {
    const failed = vi.fn();
    const actions = new Actions(failed);
    const problem = new Error('no');
    actions.run({ id: 'a', title: '', group: '', run: () => Promise.reject(problem) });
    await vi.waitFor(() => expect(failed).toHaveBeenCalledWith(problem));
  });
});
