import { readFileSync } from 'node:fs';

/** Worker processes of a process, by its number. Linux only: elsewhere there is no /proc to find them in. */
export function workersOf(parent: number): number[] {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8');
  return children
    .split(' ')
    .map(Number)
    .filter((pid) => pid > 0 && commandOf(pid).includes('workers/entry'));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it just ended
  }
}
