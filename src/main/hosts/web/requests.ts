import type { IncomingMessage } from 'node:http';
import { type ErrorCode, error, LineamentError, toErrorInfo } from '../../../core/base/errors.ts';
import type { MediaRequest, MediaResponse } from '../../app/media.ts';
import { mediaCaching } from '../page/caching.ts';
import type { PageFiles } from '../page/files.ts';
import { type Answer, errorAnswer } from './answer.ts';
import { fetchAllowed, hostAllowed, originAllowed } from './origin.ts';
import { bearer, cookie, sameToken } from './token.ts';
import { limitBody } from './upload.ts';

/** What the answers depend on. */
export interface Site {
  readonly port: number;
  readonly token: string;
  /** Value of the cookie: its own secret, since browsers send cookies to every port of a host. */
  readonly session: string;
  readonly uploadLimit: number;
  readonly files: PageFiles;
  readonly media: (request: MediaRequest) => Promise<MediaResponse>;
}

/** Two instances on one machine must not take each other's cookie. */
export function cookieName(port: number): string {
  return `lineament_${port}`;
}

function refuse(
  request: IncomingMessage,
  status: number,
  code: ErrorCode,
  values: Record<string, string | number> = {},
  headers: Record<string, string> = {},
): Answer {
  return errorAnswer(request, status, error(code, values).info, headers);
}

/** `POST /session` with the token: sets the cookie that `/media/` needs, since pictures carry no header. */
function openSession(request: IncomingMessage, site: Site): Answer {
  if (!sameToken(bearer(request.headers.authorization), site.token)) {
    return refuse(request, 401, 'host/unauthorised', {}, { 'www-authenticate': 'Bearer' });
  }
  const value = `${cookieName(site.port)}=${site.session}; HttpOnly; SameSite=Strict; Path=/media`;
  return { status: 204, headers: { 'set-cookie': value, 'cache-control': 'no-store' }, body: '' };
}

/** Reads and forgets the rest of an upload: a browser looks at the answer only once it has sent everything. */
async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  const done = Promise.withResolvers<void>();
  request.once('end', done.resolve).once('close', done.resolve).once('error', done.resolve);
  request.resume();
  await done.promise;
}

async function answerMedia(request: IncomingMessage, path: string, site: Site): Promise<Answer> {
  if (!sameToken(cookie(request.headers.cookie, cookieName(site.port)), site.session)) {
    return refuse(request, 401, 'host/unauthorised');
  }
  const { cookie: _secret, authorization: _none, ...rest } = request.headers;
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(rest)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const post = request.method === 'POST';
  const tooLarge = async (): Promise<Answer> => {
    await drain(request);
    return refuse(request, 413, 'host/upload-too-large', { limit: site.uploadLimit });
  };
  if (post && Number(request.headers['content-length'] ?? 0) > site.uploadLimit) return tooLarge();
  const chunks: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  const limited = post ? limitBody(chunks, site.uploadLimit) : null;
  try {
    const media = await site.media({
      method: post ? 'POST' : 'GET',
      path,
      headers,
      body: limited?.body ?? null,
    });
    if (limited?.exceeded()) return tooLarge();
    const caching = mediaCaching(path, media.status);
    return { ...media, headers: { 'cache-control': caching, ...media.headers } };
  } catch (thrown) {
    if (limited?.exceeded()) return tooLarge();
    if (!(thrown instanceof LineamentError)) throw thrown;
    return errorAnswer(request, 400, thrown.info);
  }
}

async function answerFile(request: IncomingMessage, path: string, site: Site): Promise<Answer> {
  const file = await site.files.read(path);
  if (file === null) return refuse(request, 404, 'host/not-found', { path });
  return {
    status: 200,
    headers: { 'content-type': file.type, 'cache-control': file.caching },
    body: file.bytes,
  };
}

/** The answer to a request that is no WebSocket. */
export async function answer(request: IncomingMessage, site: Site): Promise<Answer> {
  const method = request.method ?? '';
  const target = request.url ?? '';
  // The raw path: a URL parser would resolve `..` before anybody could refuse it.
  const [path = ''] = target.split(/[?#]/, 1);
  if (!hostAllowed(request.headers, site.port)) return refuse(request, 403, 'host/foreign-request');
  if (method === 'POST' && !originAllowed(request.headers, site.port)) {
    return refuse(request, 403, 'host/foreign-request');
  }
  const media = path.startsWith('/media/');
  const allowed = path === '/session' ? ['POST'] : media ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
  if (!allowed.includes(method)) {
    return refuse(request, 405, 'host/wrong-method', { method, path }, { allow: allowed.join(', ') });
  }
  try {
    if (path === '/session') return openSession(request, site);
    if (!media) return await answerFile(request, path, site);
    if (!fetchAllowed(request.headers)) return refuse(request, 403, 'host/foreign-request');
    return await answerMedia(request, target, site);
  } catch (thrown) {
    return errorAnswer(request, 500, toErrorInfo(thrown));
  }
}
