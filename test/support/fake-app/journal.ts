import type { JournalEntry } from '../../../src/core/contract/people.ts';
import type { World } from './world.ts';

/** Runs a change and writes it down, so that it can be taken back. */
export function record(world: World, title: string, redo: () => void, undo: () => void): void {
  redo();
  // A new step forgets those that were undone.
  while (world.journal.at(-1)?.entry.undone) world.journal.pop();
  world.journal.push({
    entry: { id: world.nextId++, at: Date.now(), title, undone: false },
    undo,
    redo,
  });
}

export function undo(world: World): JournalEntry | null {
  const step = world.journal.findLast(({ entry }) => !entry.undone);
  if (step === undefined) return null;
  step.undo();
  step.entry.undone = true;
  return { ...step.entry };
}

export function redo(world: World): JournalEntry | null {
  const step = world.journal.find(({ entry }) => entry.undone);
  if (step === undefined) return null;
  step.redo();
  step.entry.undone = false;
  return { ...step.entry };
}
