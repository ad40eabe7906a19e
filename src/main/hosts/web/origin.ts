/** Who may ask. A page of another site can send requests to loopback; these checks tell its requests from ours. */

interface Headers {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** False for any name but loopback's own: a foreign name that resolves to 127.0.0.1 is DNS rebinding. */
export function hostAllowed(headers: Headers, port: number): boolean {
  return headers.host === `127.0.0.1:${port}` || headers.host === `localhost:${port}`;
}

/** Whether the page that asks was served by us. Browsers name it in every POST and every WebSocket. */
export function originAllowed(headers: Headers, port: number): boolean {
  return hostAllowed(headers, port) && headers.origin === `http://${headers.host}`;
}

/** False where the browser says that a page of another origin embeds this (another port of localhost is "same-site"). */
export function fetchAllowed(headers: Headers): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}
