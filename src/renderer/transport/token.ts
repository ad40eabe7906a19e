const key = 'lineament.token';

/** The few parts of the page that the token passes through. */
export interface TokenPlaces {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * The token that opens the application, from `#token=…`. It is kept for this tab and taken out of the address bar,
 * so that it neither lands in bookmarks nor in a shared screen. Null where there never was one.
 */
export function takeToken({ location, history, storage }: TokenPlaces): string | null {
  const match = /[#&]token=([^&]+)/.exec(location.hash);
  if (match?.[1] === undefined) return storage.getItem(key);
  const token = decodeURIComponent(match[1]);
  storage.setItem(key, token);
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}
