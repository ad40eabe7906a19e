/** The address of the interface in the desktop window: `app://lineament/`. No network is involved. */
export const scheme = 'app';
export const pageHost = 'lineament';
export const pageUrl = `${scheme}://${pageHost}/`;

/** What `protocol.registerSchemesAsPrivileged` gets: an origin like https, fetch with streamed bodies, nothing to bypass. */
export const schemePrivileges = {
  scheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
} as const;

/** Whether a frame at this URL is ours. Messages and permissions of any other are refused. */
export function isPageUrl(url: string | undefined | null): boolean {
  if (url === undefined || url === null || !URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${scheme}:` && host === pageHost && username === '' && password === '';
}
