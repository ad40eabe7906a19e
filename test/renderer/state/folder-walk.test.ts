import { describe, expect, it } from 'vitest';
import { error } from '../../../src/core/base/errors.ts';
import type { Folder } from '../../../src/core/contract/datasets.ts';
import { FolderWalk } from '../../../src/renderer/state/folder-walk.svelte.ts';

const listed = (path: string): Folder => ({ path, parent: '/', entries: [], truncated: false });

/** A walk whose requests wait until the test answers them. */
function walkOf() {
  const asked: { path: string | null; answer: (folder: Folder) => void; fail: (reason: unknown) => void }[] =
    [];
  const walk = new FolderWalk((path) => {
    const { promise, resolve, reject } = Promise.withResolvers<Folder>();
    asked.push({ path, answer: resolve, fail: reject });
    return promise;
  });
  return { walk, asked };
}

describe('FolderWalk', () => {
  it('starts where the application says, and shows what it listed', async () => {
    const { walk, asked } = walkOf();
    const first = walk.again();
    expect(asked[0]?.path).toBeNull();
    expect(walk.text).toBe('');
    asked[0]?.answer(listed('/home/ada'));
    await first;
    expect(walk.text).toBe('/home/ada');
  });

  it('takes no character away when the first listing comes while somebody types', async () => {
    const { walk, asked } = walkOf();
    const first = walk.again();
    walk.type('/data/pa');
    asked[0]?.answer(listed('/home/ada'));
    await first;
    expect(walk.text).toBe('/data/pa');
    walk.type('/data/party');
    const entered = walk.enter();
    expect(asked[1]?.path).toBe('/data/party');
    asked[1]?.answer(listed('/mnt/data/party')); // as the application writes it
    await entered;
    expect(walk.text).toBe('/mnt/data/party');
  });

  it('keeps what is typed on while a listing is under way', async () => {
    const { walk, asked } = walkOf();
    walk.type('/data');
    const entered = walk.enter();
    walk.type('/data/party');
    asked[0]?.answer(listed('/data'));
    await entered;
    expect(walk.text).toBe('/data/party');
    expect(walk.folder.value?.path).toBe('/data');
  });

  it('lists the last folder that was asked for, whatever order the answers come in', async () => {
    const { walk, asked } = walkOf();
    const late = walk.again();
    const last = walk.go('/data/party');
    asked[1]?.answer(listed('/data/party'));
    asked[0]?.answer(listed('/home/ada'));
    await Promise.all([late, last]);
    expect(walk.folder.value?.path).toBe('/data/party');
    expect(walk.text).toBe('/data/party');
  });

  it('chooses what was typed rather than what is listed still', async () => {
    const { walk, asked } = walkOf();
    const first = walk.again();
    asked[0]?.answer(listed('/home/ada'));
    await first;
    walk.type('/data/party');
    const chosen = walk.chosen();
    asked[1]?.answer(listed('/data/party'));
    expect(await chosen).toBe('/data/party');
    expect(await walk.chosen()).toBe('/data/party');
    expect(asked.map(({ path }) => path)).toEqual([null, '/data/party']);
  });

  it('waits for a folder that was gone to while the choice was on its way', async () => {
    const { walk, asked } = walkOf();
    walk.type('/data');
    void walk.enter();
    const chosen = walk.chosen();
    void walk.go('/data/party');
    asked[0]?.answer(listed('/data'));
    asked[1]?.answer(listed('/data/party'));
    expect(await chosen).toBe('/data/party');
  });

  it('keeps a path that cannot be listed for mending, chooses nothing, and tries again', async () => {
    const { walk, asked } = walkOf();
    walk.type('/data/prty');
    const entered = walk.enter();
    asked[0]?.fail(error('file/cannot-read', { path: '/data/prty', detail: 'not there' }));
    await entered;
    expect(walk.folder.error?.code).toBe('file/cannot-read');
    expect(walk.text).toBe('/data/prty');
    const chosen = walk.chosen();
    expect(asked[1]?.path).toBe('/data/prty');
    asked[1]?.fail(error('file/cannot-read', { path: '/data/prty', detail: 'not there' }));
    expect(await chosen).toBeNull();
    void walk.go('/home/ada');
    expect(walk.text).toBe('');
    asked[2]?.answer(listed('/home/ada'));
    expect(await walk.chosen()).toBe('/home/ada');
  });
});
