import type { WindowState } from './window-state.ts';

/** Smallest window in which the interface is usable, in device-independent pixels. */
const smallest = { minWidth: 480, minHeight: 480 } as const;

/** Below the page until it has painted; the same as the theme's backgrounds. */
const background = { dark: '#16181d', light: '#f7f8fa' } as const;

/** Options of the one window. The page has no Node and shares nothing with the preload but what is bridged. */
export function windowOptions(preload: string, state: WindowState, dark: boolean) {
  return {
    ...smallest,
    ...state.bounds,
    show: false,
    title: 'Lineament',
    backgroundColor: dark ? background.dark : background.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    },
  } as const;
}
