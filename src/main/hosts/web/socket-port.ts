import type { WebSocket } from 'ws';
import { messageLimit } from '../../../core/contract/messages.ts';
import type { Port } from '../../../core/contract/port.ts';

/** A page that takes nothing while this many bytes wait for it is gone, or as good as gone. */
const backlogLimit = 4 * messageLimit;

/** An open WebSocket as a port. A binary frame is not of the protocol and ends it. */
export function socketPort(socket: WebSocket): Port {
  // Its `close` follows and does what is to be done; without a listener the error would end the process.
  socket.on('error', () => socket.terminate());
  return {
    post: (text) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > backlogLimit) socket.terminate();
      else socket.send(text);
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(1003, 'text only');
        else listener(data.toString());
      });
    },
    onClose: (listener) => {
      socket.once('close', listener);
    },
    close: () => socket.close(1000),
  };
}
