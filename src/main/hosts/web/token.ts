import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, as 43 characters that are safe in a URL, a cookie and a WebSocket subprotocol. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A token that a caller chose must be as safe in those places. */
export function isToken(text: string): boolean {
  return /^[\w-]{32,256}$/.test(text);
}

/** Whether they are the same, in a time that says nothing about where they differ. */
export function sameToken(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** The token of `Authorization: Bearer TOKEN`. */
export function bearer(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
}

/** The value of one cookie of a `Cookie` header. */
export function cookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at >= 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
