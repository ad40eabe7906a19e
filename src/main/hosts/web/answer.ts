import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorInfo } from '../../../core/base/errors.ts';
import { securityHeaders } from '../page/csp.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/** An error of the catalogue: a small page for people, JSON for programs. */
export function errorAnswer(
  request: IncomingMessage,
  status: number,
  info: ErrorInfo,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const forPeople = request.headers.accept?.includes('text/html') ?? false;
  const title = escapeHtml(info.message);
  const body = forPeople
    ? `<!doctype html><html lang="en"><meta charset="utf-8"><title>Lineament</title><h1>${title}</h1><p>${escapeHtml(info.hint)}</p></html>\n`
    : JSON.stringify({ error: info });
  const type = forPeople ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  return { status, headers: { 'content-type': type, 'cache-control': 'no-store', ...headers }, body };
}

/** Sends the answer with the security headers, which it cannot weaken; without its body if the method is HEAD. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const headers: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name.toLowerCase()] = value;
  Object.assign(headers, securityHeaders);
  if (answer.status !== 204) headers['content-length'] = body.length;
  // What was not read of an upload would be taken for the next request.
  if (!request.complete) headers['connection'] = 'close';
  response.writeHead(answer.status, headers);
  response.end(request.method === 'HEAD' || answer.status === 204 ? undefined : body);
}
