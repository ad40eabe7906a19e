import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { inspectPhoto } from '../src/main/datasets/inspect.ts';
import { openSource } from '../src/main/datasets/open.ts';
import { mapConcurrent } from '../src/main/images/map-concurrent.ts';
import { configureImages } from '../src/main/images/setup.ts';

/**
 * How fast photographs are imported, without the database: walk, hash, header, thumbnail.
 * `node bench/import.ts PATH [--concurrency N] [--side 256]`; prints one JSON line.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: 'string', default: String(availableParallelism()) },
    side: { type: 'string', default: '256' },
  },
});
const path = positionals[0];
if (path === undefined) {
  console.error('usage: node bench/import.ts PATH [--concurrency N] [--side 256]');
  process.exit(2);
}
configureImages();
const start = performance.now();
const source = await openSource(path);
const walked = performance.now();
const side = Number(values.side);
let photographs = 0;
let problems = 0;
let bytes = 0;
const items = mapConcurrent(source.items(), Number(values.concurrency), async (item) =>
  item.kind === 'photo' ? inspectPhoto(item, { side }) : item,
);
for await (const item of items) {
  if (item.kind === 'record') {
    photographs++;
    bytes += item.bytes;
  } else {
    problems++;
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(
  JSON.stringify({
    layout: source.layout,
    photographs,
    problems,
    ignored: source.ignored(),
    megabytes: Math.round(bytes / 1e6),
    layoutSeconds: Number(((walked - start) / 1000).toFixed(2)),
    seconds: Number(seconds.toFixed(2)),
    perSecond: Math.round(photographs / seconds),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
