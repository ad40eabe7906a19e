import { error, toErrorInfo } from '../../../core/base/errors.ts';
import { type Application, serve } from '../../../core/contract/serve.ts';
import type { MediaRequest, MediaResponse } from '../../app/media.ts';
import { mediaAnswerer } from './media-answerer.ts';
import { type MessagePortLike, messagePort } from './message-port.ts';
import { type FromApp, toApp } from './messages.ts';

export interface OpenedApp extends Application {
  readonly media: (request: MediaRequest) => Promise<MediaResponse>;
  close(): Promise<void>;
}

/** The line to the main process: Electron's `process.parentPort`, or a stand-in. */
export interface ParentLine {
  post(message: FromApp): void;
  onMessage(listener: (message: unknown, ports: readonly MessagePortLike[]) => void): void;
}

/**
 * Runs the application behind the line: says `ready` or `failed`, serves every port that arrives, answers media requests,
 * and closes when told to. `exit` is called once at the end, with the code to end with.
 */
export async function runAppProcess(
  line: ParentLine,
  open: () => Promise<OpenedApp>,
  exit: (code: number) => void,
): Promise<void> {
  const early: { message: unknown; ports: readonly MessagePortLike[] }[] = [];
  let receive = (message: unknown, ports: readonly MessagePortLike[]): void => {
    early.push({ message, ports });
  };
  line.onMessage((message, ports) => receive(message, ports));

  let app: OpenedApp;
  try {
    app = await open();
  } catch (thrown) {
    line.post({ type: 'failed', error: toErrorInfo(thrown) });
    exit(1);
    return;
  }

  const media = mediaAnswerer(app.media, line.post);
  const close = async (): Promise<void> => {
    try {
      await app.close();
      line.post({ type: 'closed' });
      exit(0);
    } catch (thrown) {
      console.error(thrown);
      exit(1);
    }
  };
  let closing = false;
  receive = (message, ports) => {
    const parsed = toApp.safeParse(message);
    // Only our own main process is at the other end.
    if (!parsed.success) throw error('host/bad-request', { detail: parsed.error.message });
    if (parsed.data.type === 'port') {
      for (const port of ports) serve(messagePort(port), app, () => new AbortController());
    } else if (parsed.data.type !== 'close') media.receive(parsed.data);
    else if (!closing) {
      closing = true;
      void close();
    }
  };
  line.post({ type: 'ready' });
  for (const { message, ports } of early.splice(0)) receive(message, ports);
}
