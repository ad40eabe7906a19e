/** Entry point of the utility process that runs the application: `app-process.js VERSION DATA_DIR`. */
import { openApp } from '../../app/open.ts';
import { runAppProcess } from '../desktop/app-process.ts';
import { modelsDir, workerEntry } from '../places.ts';

const [version = '', dataDir = ''] = process.argv.slice(-2);
const parent = process.parentPort;

// Ctrl-C in a terminal reaches every process of the group; the main process then tells this one to close.
process.on('SIGINT', () => {});

await runAppProcess(
  {
    post: (message) => parent.postMessage(message),
    onMessage: (listener) => parent.on('message', ({ data, ports }) => listener(data, ports)),
  },
  () => openApp({ dataDir, host: 'electron', version, modelsDir, workerEntry }),
  (code) => process.exit(code),
);
