import { parseArgs } from 'node:util';
import { startFakeServer } from './server.ts';

// `node test/support/fake-app/main.ts --faces 100000`: the interface over drawn people, for looking at it.
const { values } = parseArgs({
  options: {
    faces: { type: 'string', default: '1200' },
    port: { type: 'string', default: '0' },
    delay: { type: 'string', default: '0' },
    runs: { type: 'string', default: '0' },
    steps: { type: 'string', default: '20000' },
    benchmarks: { type: 'string', default: '0' },
    subjects: { type: 'string', default: '5' },
    pairs: { type: 'string', default: '600' },
    fail: { type: 'string', multiple: true, default: [] },
  },
});
const server = await startFakeServer({
  faces: Number(values.faces),
  port: Number(values.port),
  delay: Number(values.delay),
  failing: new Set(values.fail),
  ...(values.runs === '0' ? {} : { runs: { count: Number(values.runs), steps: Number(values.steps) } }),
  ...(values.benchmarks === '0'
    ? {}
    : {
        evaluation: {
          benchmarks: Number(values.benchmarks),
          subjects: Number(values.subjects),
          pairs: Number(values.pairs),
        },
      }),
});
process.stdout.write(`${server.url}\n`);
