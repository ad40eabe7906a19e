import { assert } from '../../core/base/assert.ts';
import { Cancelled } from '../../core/base/errors.ts';

/**
 * Maps a sequence with up to `limit` calls under way, and yields the results in the sequence's order. At most `limit`
 * items are taken in advance of what was yielded, so that memory is bounded however long the sequence is. A failing
 * call ends it with that error, an abort with `Cancelled`; calls under way are awaited first in either case, and
 * the sequence is closed.
 */
export async function* mapConcurrent<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  map: (item: Item) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result> {
  assert(Number.isInteger(limit) && limit > 0, `a limit of ${limit}`);
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const running: Promise<Result>[] = [];
  let finished = false;
  try {
    while (!finished || running.length > 0) {
      if (signal?.aborted) throw new Cancelled();
      if (!finished && running.length < limit) {
        const next = await iterator.next();
        if (next.done) finished = true;
        else running.push(start(map, next.value));
        continue;
      }
      const first = running[0];
      assert(first !== undefined, 'a call is under way');
      const result = await first;
      void running.shift();
      if (signal?.aborted) throw new Cancelled();
      yield result;
    }
  } finally {
    await Promise.allSettled(running);
    if (!finished) await iterator.return?.();
  }
}

/** Starts a call whose failure is looked at later: until then it must not count as unhandled. */
function start<Item, Result>(map: (item: Item) => Promise<Result>, item: Item): Promise<Result> {
  const call = (async () => map(item))();
  call.catch(() => undefined);
  return call;
}
