import { type ErrorInfo, error, LineamentError } from '../../../core/base/errors.ts';
import type { MediaRequest, MediaResponse } from '../../app/media.ts';
import { type MediaCaller, mediaCaller } from './media-caller.ts';
import { fromApp, type ToApp } from './messages.ts';

/** The application's process as its parent sees it. `P` is the kind of port that can be handed over. */
export interface AppChild<P> {
  post(message: ToApp, ports?: readonly P[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. */
  onExit(listener: (code: number) => void): void;
  kill(): void;
}

export interface SupervisorOptions<P> {
  readonly fork: () => AppChild<P>;
  /** Milliseconds, from any fixed moment on. */
  readonly now: () => number;
  /** It ended by itself too often, or could not be opened; it is not started again until `restart`. */
  readonly onGaveUp: (reason: ErrorInfo) => void;
  /** Calls back after a while; to stop waiting for an application that does not close. */
  readonly later: (run: () => void, milliseconds: number) => void;
}

export interface Supervisor<P> {
  /** Gives the application a page's port, now or when it is ready. */
  connect(port: P): void;
  media(request: MediaRequest): Promise<MediaResponse>;
  /** Starts again after `onGaveUp`. */
  restart(): void;
  /** Resolves when the process has ended. */
  close(): Promise<void>;
}

/** This many unasked-for ends within `period` milliseconds are a fault that a restart does not mend. */
const limit = { ends: 3, period: 60_000 } as const;

/** How long the application may take to close, in milliseconds: workers stop and the database is written out. */
const patience = 10_000;

/** Keeps the application's process running; a crash of it costs what was in flight, never the window. */
export function superviseApp<P>(options: SupervisorOptions<P>): Supervisor<P> {
  let child: AppChild<P> | null = null;
  let caller: MediaCaller | null = null;
  let ready = false;
  let closing: PromiseWithResolvers<void> | null = null;
  let ends: number[] = [];
  let failure: ErrorInfo | null = null;
  let waiting: P[] = [];

  const ended = (code: number): void => {
    const detail = `its process ended with code ${code}`;
    caller?.fail(detail);
    child = null;
    caller = null;
    ready = false;
    if (closing !== null) {
      closing.resolve();
      return;
    }
    const now = options.now();
    ends = [...ends.filter((time) => now - time < limit.period), now];
    if (failure === null && ends.length < limit.ends) start();
    else options.onGaveUp(failure ?? error('host/app-stopped', { detail }).info);
  };

  const receive = (from: AppChild<P>, message: unknown): void => {
    const parsed = fromApp.safeParse(message);
    if (!parsed.success) throw error('host/bad-request', { detail: parsed.error.message });
    if (parsed.data.type === 'ready') {
      ready = true;
      for (const port of waiting.splice(0)) from.post({ type: 'port' }, [port]);
    } else if (parsed.data.type === 'failed') failure = parsed.data.error;
    else if (parsed.data.type !== 'closed') caller?.receive(parsed.data);
  };

  function start(): void {
    failure = null;
    const started = options.fork();
    child = started;
    caller = mediaCaller((message) => started.post(message));
    started.onMessage((message) => receive(started, message));
    started.onExit(ended);
  }

  start();
  return {
    connect: (port) => {
      if (ready && child !== null) child.post({ type: 'port' }, [port]);
      else waiting = [...waiting, port];
    },
    media: (request) => {
      if (caller !== null) return caller.request(request);
      const info = failure ?? error('host/app-stopped', { detail: 'it was not started again' }).info;
      return Promise.reject(new LineamentError(info));
    },
    restart: () => {
      ends = [];
      if (child === null && closing === null) start();
    },
    close: () => {
      if (closing !== null) return closing.promise;
      closing = Promise.withResolvers<void>();
      if (child === null) closing.resolve();
      else {
        const last = child;
        last.post({ type: 'close' });
        options.later(() => {
          if (child === last) last.kill();
        }, patience);
      }
      return closing.promise;
    },
  };
}
