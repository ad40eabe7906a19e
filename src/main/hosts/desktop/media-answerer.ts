import { error, toErrorInfo } from '../../../core/base/errors.ts';
import type { MediaRequest, MediaResponse } from '../../app/media.ts';
import type { FromApp, ToApp } from './messages.ts';

/** What a pull is answered with; null at the end. */
type Waiting = { resolve(chunk: Uint8Array | null): void; reject(reason: Error): void };

/** The application's end of the media bridge. */
export interface MediaAnswerer {
  receive(message: Extract<ToApp, { id: number }>): void;
}

/** Answers requests with `media`; an upload's chunks are asked for one by one, so that it never waits in memory. */
export function mediaAnswerer(
  media: (request: MediaRequest) => Promise<MediaResponse>,
  post: (message: FromApp) => void,
): MediaAnswerer {
  const waiting = new Map<number, Waiting>();

  async function* chunks(id: number): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | null>();
      waiting.set(id, { resolve, reject });
      post({ type: 'pull', id });
      const chunk = await promise.finally(() => waiting.delete(id));
      if (chunk === null) return;
      yield chunk;
    }
  }

  const answer = async (message: Extract<ToApp, { type: 'media' }>): Promise<void> => {
    const { id, method, path, headers, hasBody } = message;
    try {
      const response = await media({ method, path, headers, body: hasBody ? chunks(id) : null });
      // A plain Uint8Array of its own: a Buffer would bring the whole pool it lies in.
      const body = new Uint8Array(response.body);
      post({ type: 'answer', id, status: response.status, headers: { ...response.headers }, body });
    } catch (thrown) {
      post({ type: 'media-failed', id, error: toErrorInfo(thrown) });
    }
  };

  return {
    receive: (message) => {
      if (message.type === 'media') {
        void answer(message);
        return;
      }
      const waiter = waiting.get(message.id);
      if (message.type === 'chunk') waiter?.resolve(message.bytes);
      else if (message.type === 'end') waiter?.resolve(null);
      else waiter?.reject(error('host/bad-request', { detail: 'the upload broke off' }));
    },
  };
}
