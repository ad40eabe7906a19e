import { type ErrorCode, error, hasCode, LineamentError, toErrorInfo } from '../../../core/base/errors.ts';
import type { MediaRequest, MediaResponse } from '../../app/media.ts';
import { mediaCaching } from '../page/caching.ts';
import { securityHeaders } from '../page/csp.ts';
import type { PageFiles } from '../page/files.ts';
import { isPageUrl } from './scheme.ts';

type Media = (request: MediaRequest) => Promise<MediaResponse>;

function refuse(status: number, code: ErrorCode, values: Record<string, string | number> = {}): Response {
  return Response.json({ error: error(code, values).info }, { status, headers: securityHeaders });
}

function statusOf(thrown: unknown): number {
  if (hasCode(thrown, 'host/app-stopped')) return 503;
  return thrown instanceof LineamentError ? 400 : 500;
}

async function answerMedia(request: Request, path: string, media: Media): Promise<Response> {
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    return refuse(405, 'host/wrong-method', { method, path });
  }
  const answer = await media({
    method: method === 'POST' ? 'POST' : 'GET',
    path,
    headers: Object.fromEntries(request.headers),
    body: method === 'POST' ? (request.body ?? emptyBody()) : null,
  });
  const headers = new Headers({ 'cache-control': mediaCaching(path, answer.status), ...answer.headers });
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  // Statuses like 304 must have no body at all, not an empty one.
  const body = method === 'HEAD' || answer.body.length === 0 ? null : new Uint8Array(answer.body);
  return new Response(body, { status: answer.status, headers });
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

async function answerFile(request: Request, path: string, files: PageFiles): Promise<Response> {
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'host/wrong-method', { method, path });
  const file = await files.read(path);
  if (file === null) return refuse(404, 'host/not-found', { path });
  const headers = { ...securityHeaders, 'content-type': file.type, 'cache-control': file.caching };
  return new Response(method === 'HEAD' ? null : file.bytes, { headers });
}

/** The handler of `app://`: the interface's files itself, `/media/` by the application. Never rejects. */
export function pageHandler(files: PageFiles, media: Media): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      if (!isPageUrl(request.url)) return refuse(403, 'host/foreign-request');
      const { pathname, search } = new URL(request.url);
      return pathname.startsWith('/media/')
        ? await answerMedia(request, pathname + search, media)
        : await answerFile(request, pathname, files);
    } catch (thrown) {
      return Response.json(
        { error: toErrorInfo(thrown) },
        { status: statusOf(thrown), headers: securityHeaders },
      );
    }
  };
}
