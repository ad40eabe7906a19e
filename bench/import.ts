import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { inspectPhoto } from '../src/main/datasets/inspect.ts';
import { openSource } from '../src/main/datasets/open.ts';
import { mapConcurrent } from '../src/main/images/map-concurrent.ts';
import { configureImages } from '../src/main/images/setup.ts';
import { importedFace, importedSide } from '../src/main/jobs/imported-face.ts';

/**
 * How fast photographs are imported, without the database: walk, hash, header, thumbnail; with `--aligned` also the crop and
 * its quality. `node bench/import.ts PATH [--concurrency N] [--side 256] [--aligned]`; prints one JSON line. Processor time
 * says more than the clock on a machine that has other work.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: 'string', default: String(availableParallelism()) },
    side: { type: 'string', default: '256' },
    aligned: { type: 'boolean', default: false },
  },
});
const path = positionals[0];
if (path === undefined) {
  console.error('usage: node bench/import.ts PATH [--concurrency N] [--side 256] [--aligned]');
  process.exit(2);
}
configureImages();
const used = process.cpuUsage();
const start = performance.now();
const source = await openSource(path);
const walked = performance.now();
const side = Number(values.side);
let photographs = 0;
let problems = 0;
let bytes = 0;
const square = values.aligned ? importedSide : undefined;
const items = mapConcurrent(source.items(), Number(values.concurrency), async (item) => {
  if (item.kind !== 'photo') return item;
  const record = await inspectPhoto(item, { side, square });
  if (record.kind === 'record' && record.pixels !== null) await importedFace(record.pixels, record.width);
  return record;
});
for await (const item of items) {
  if (item.kind === 'record') {
    photographs++;
    bytes += item.bytes;
  } else {
    problems++;
  }
}
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(used);
const processorSeconds = (user + system) / 1e6;
console.log(
  JSON.stringify({
    layout: source.layout,
    photographs,
    problems,
    ignored: source.ignored(),
    megabytes: Math.round(bytes / 1e6),
    layoutSeconds: Number(((walked - start) / 1000).toFixed(2)),
    seconds: Number(seconds.toFixed(2)),
    processorSeconds: Number(processorSeconds.toFixed(2)),
    perSecond: Math.round(photographs / seconds),
    perProcessorSecond: Math.round(photographs / processorSeconds),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
