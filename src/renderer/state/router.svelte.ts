export const views = [
  'datasets',
  'align',
  'gallery',
  'search',
  'people',
  'train',
  'evaluate',
  'models',
  'settings',
] as const;
export type View = (typeof views)[number];

/** Parameters of an address; those that are null are left out. */
export type RouteParams = Readonly<Record<string, string | number | null | undefined>>;

export interface Route {
  readonly view: View;
  readonly params: Readonly<Record<string, string>>;
}

/** `#/align?dataset=3&photo=17`; anything else is the first view. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const view = views.find((name) => name === path) ?? 'datasets';
  return { view, params: Object.fromEntries(new URLSearchParams(query)) };
}

export function formatRoute(route: Route): string {
  const query = new URLSearchParams(route.params).toString();
  return `#/${route.view}${query === '' ? '' : `?${query}`}`;
}

/** Which view is shown; the address bar's fragment is the truth, so that going back works. */
export class Router {
  route = $state.raw<Route>(parseRoute(''));

  constructor() {
    this.route = parseRoute(location.hash);
  }

  get view(): View {
    return this.route.view;
  }

  /** A parameter that is a row number. */
  number(name: string): number | null {
    const value = Number(this.route.params[name]);
    return Number.isSafeInteger(value) && value > 0 ? value : null;
  }

  text(name: string): string | null {
    return this.route.params[name] ?? null;
  }

  go(view: View, params: RouteParams = {}): void {
    this.#show(view, params, false);
  }

  /** Like `go`, without a step to come back to. */
  replace(view: View, params: RouteParams = {}): void {
    this.#show(view, params, true);
  }

  /** Attributes of a link that leads there. */
  link(
    view: View,
    params: RouteParams = {},
  ): { readonly href: string; readonly onclick: (event: Event) => void } {
    return {
      href: formatRoute(routeTo(view, params)),
      onclick: (event) => {
        event.preventDefault();
        this.go(view, params);
      },
    };
  }

  /** After the user went back or changed the address. */
  sync(): void {
    this.route = parseRoute(location.hash);
  }

  #show(view: View, params: RouteParams, over: boolean): void {
    const route = routeTo(view, params);
    const hash = formatRoute(route);
    if (hash !== location.hash) history[over ? 'replaceState' : 'pushState'](null, '', hash);
    this.route = route;
  }
}

function routeTo(view: View, params: RouteParams): Route {
  const given: Record<string, string> = {};
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined) given[key] = String(value);
  }
  return { view, params: given };
}
