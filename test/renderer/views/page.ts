import { cleanup, configure, render } from '@testing-library/svelte';
import { vi } from 'vitest';
import { portPair } from '../../../src/core/contract/port.ts';
import { serve } from '../../../src/core/contract/serve.ts';
import AppView from '../../../src/renderer/App.svelte';
import { App } from '../../../src/renderer/state/app.svelte.ts';
import { type FakeApp, type FakeOptions, fakeApp } from '../../support/fake-app/app.ts';
import { emptyWorld, seededWorld } from '../../support/fake-app/world.ts';

export interface TestPage {
  readonly app: App;
  readonly far: FakeApp;
  close(): void;
}

/** The whole interface over the application in memory. happy-dom lays nothing out, so sizes are given. */
export async function openPage(options: FakeOptions & { readonly faces: number }): Promise<TestPage> {
  // Machines that build and test at once are slow; nothing here waits that long otherwise.
  configure({ asyncUtilTimeout: 10_000 });
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  location.hash = '';
  const far = fakeApp(options.faces === 0 ? emptyWorld() : seededWorld(options.faces), options);
  const app = new App(async () => {
    const [near, other] = portPair((deliver) => queueMicrotask(deliver));
    serve(other, far, () => new AbortController());
    return near;
  }, null);
  render(AppView, { props: { app } });
  await app.connection.start();
  return {
    app,
    far,
    close: () => {
      cleanup();
      app.close();
      far.close();
      vi.restoreAllMocks();
    },
  };
}
