import { ensureReady, main } from './ready.mjs';

await main(ensureReady);
