import { assert } from '../../../core/base/assert.ts';
import { error, LineamentError } from '../../../core/base/errors.ts';
import type { MediaRequest, MediaResponse } from '../../app/media.ts';
import type { FromApp, ToApp } from './messages.ts';

interface Pending {
  readonly resolve: (response: MediaResponse) => void;
  readonly reject: (reason: Error) => void;
  readonly chunks: AsyncIterator<Uint8Array> | undefined;
}

/** The main process's end of the media bridge. */
export interface MediaCaller {
  request(request: MediaRequest): Promise<MediaResponse>;
  receive(message: Extract<FromApp, { id: number }>): void;
  /** The application ended: whoever waits is told so. */
  fail(detail: string): void;
}

/** Numbers requests, and sends an upload chunk by chunk as the application asks for them. */
export function mediaCaller(post: (message: ToApp) => void): MediaCaller {
  const pending = new Map<number, Pending>();
  let nextId = 1;

  const sendNext = async (id: number, chunks: AsyncIterator<Uint8Array>): Promise<void> => {
    try {
      const next = await chunks.next();
      if (!pending.has(id)) return;
      post(next.done ? { type: 'end', id } : { type: 'chunk', id, bytes: next.value });
    } catch {
      post({ type: 'broken', id });
    }
  };

  return {
    request: ({ method, path, headers, body }) => {
      const id = nextId++;
      const { promise, resolve, reject } = Promise.withResolvers<MediaResponse>();
      pending.set(id, { resolve, reject, chunks: body?.[Symbol.asyncIterator]() });
      const present: Record<string, string> = {};
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) present[name] = value;
      post({ type: 'media', id, method, path, headers: present, hasBody: body !== null });
      return promise;
    },
    receive: (message) => {
      const request = pending.get(message.id);
      if (request === undefined) return;
      if (message.type === 'pull') {
        assert(request.chunks !== undefined, 'only an upload has chunks');
        void sendNext(message.id, request.chunks);
        return;
      }
      pending.delete(message.id);
      // What the application did not take of an upload is let go.
      request.chunks?.return?.().catch(() => {});
      if (message.type === 'answer') {
        const { status, headers, body } = message;
        request.resolve({ status, headers, body });
      } else request.reject(new LineamentError(message.error));
    },
    fail: (detail) => {
      for (const request of pending.values()) request.reject(error('host/app-stopped', { detail }));
      pending.clear();
    },
  };
}
