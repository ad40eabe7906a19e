import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { error } from '../../../src/core/base/errors.ts';
import { type Port, portPair } from '../../../src/core/contract/port.ts';
import { serve } from '../../../src/core/contract/serve.ts';
import { Connection } from '../../../src/renderer/transport/connection.svelte.ts';
import { fakeApp } from '../../support/fake-app/app.ts';
import { seededWorld } from '../../support/fake-app/world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An application that can be cut off; `refuse` makes the next attempts fail. */
function world(): {
  connection: Connection;
  cut(): void;
  refuse: { code: 'ui/unreachable' | 'ui/no-token' | null };
} {
  const app = fakeApp(seededWorld(20));
  const refuse: ReturnType<typeof world>['refuse'] = { code: null };
  let far: Port | null = null;
  const connection = new Connection(async () => {
    if (refuse.code !== null) throw error(refuse.code);
    const [near, other] = portPair((deliver) => queueMicrotask(deliver));
    far = other;
    serve(other, app, () => new AbortController());
    return near;
  });
  return { connection, refuse, cut: () => far?.close() };
}

describe('Connection', () => {
  it('lets calls wait for the first connection', async () => {
    const { connection } = world();
    const call = connection.call('app.info', {});
    await connection.start();
    expect((await call).version).toBe('0.1.0');
    expect(connection.state).toBe('open');
  });

  it('fails calls clearly while the line is down, then connects again with its listeners', async () => {
    const { connection, cut } = world();
    const heard: string[] = [];
    connection.on('data.changed', ({ topics }) => heard.push(...topics));
    await connection.start();
    cut();
    expect(connection.state).toBe('lost');
    await expect(connection.call('app.info', {})).rejects.toMatchObject({ code: 'rpc/closed' });
    await vi.advanceTimersByTimeAsync(300);
    expect(connection.state).toBe('open');
    expect(connection.generation).toBe(2);
    await connection.call('models.setDefault', { model: 'yunet' });
    expect(heard).toEqual(['models']);
  });

  it('keeps trying while the application is away', async () => {
    const { connection, refuse } = world();
    refuse.code = 'ui/unreachable';
    await connection.start();
    expect(connection.failure?.code).toBe('ui/unreachable');
    await vi.advanceTimersByTimeAsync(1000);
    expect(connection.state).toBe('lost');
    refuse.code = null;
    await vi.advanceTimersByTimeAsync(1500);
    expect(connection.state).toBe('open');
  });

  it('does not try again with a token that was refused', async () => {
    const { connection, refuse } = world();
    refuse.code = 'ui/no-token';
    await connection.start();
    expect(connection.state).toBe('refused');
    refuse.code = null;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.state).toBe('refused');
  });

  it('stays closed once it is closed', async () => {
    const { connection, cut } = world();
    await connection.start();
    connection.close();
    cut();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.state).toBe('closed');
  });
});
