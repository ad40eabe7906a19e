import { parseArgs } from 'node:util';
import { seededRandom } from '../src/core/base/random.ts';
import { bootstrap } from '../src/core/metrics/bootstrap.ts';
import { rocCurve } from '../src/core/metrics/curves.ts';
import { contiguousFolds } from '../src/core/metrics/folds.ts';
import { scoreHistogram } from '../src/core/metrics/histogram.ts';
import { megaFace } from '../src/core/metrics/megaface.ts';
import { operatingPoint } from '../src/core/metrics/operating-point.ts';
import type { PairScores } from '../src/core/metrics/pair-scores.ts';
import {
  type ProtocolName,
  protocolNames,
  protocolSums,
  protocols,
  runProtocol,
} from '../src/core/metrics/protocols.ts';
import { rankPairs } from '../src/core/metrics/ranked.ts';
import { resamplePairs } from '../src/core/metrics/resample.ts';
import { aucOf, dPrime, equalError } from '../src/core/metrics/separation.ts';
import { farRates, tarTable } from '../src/core/metrics/tar-at-far.ts';
import { thinRoc } from '../src/core/metrics/thin.ts';
import { weightedRates } from '../src/core/metrics/weighted-rates.ts';

/**
 * `node bench/metrics.ts [--pairs N] [--resamples N]`: all figures of a benchmark by all protocols, with intervals, from
 * scores; and counting MegaFace's scores. Milliseconds by the clock and of the processor. On a busy machine both are too
 * high; the median of the single resamples, times their number, is what a quiet one takes for the intervals.
 */
const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '6000' }, resamples: { type: 'string', default: '1000' } },
});
const count = Number(values.pairs);
const resamples = Number(values.resamples);

function timed(what: string, run: () => void): { readonly wall: number; readonly cpu: number } {
  const [start, before] = [performance.now(), process.cpuUsage()];
  run();
  const { user, system } = process.cpuUsage(before);
  const time = { wall: performance.now() - start, cpu: (user + system) / 1000 };
  console.log(
    `${what.padEnd(34)} ${time.wall.toFixed(0).padStart(6)} ms  cpu ${time.cpu.toFixed(0).padStart(6)} ms`,
  );
  return time;
}

const random = seededRandom(1);
const same = Uint8Array.from({ length: count }, (_, i) => (i % 600 < 300 ? 1 : 0));
const cosines = Float64Array.from(same, (one) =>
  Math.max(-1, Math.min(1, one * 0.5 + 0.13 * random.normal())),
);
const distances = cosines.map((cosine) => 2 - 2 * cosine);

/** Milliseconds that drawing and reading one resample takes, in the middle of many. */
function medianResample(name: ProtocolName, pairs: PairScores): number {
  const draw = resamplePairs(contiguousFolds(count));
  const sumsOf = protocolSums(name, pairs);
  const ratesOf = weightedRates(pairs, protocols[name].score, farRates);
  const weights = new Int32Array(count);
  const times = Float64Array.from({ length: 500 }, (_, seed) => {
    const start = performance.now();
    draw(seed, weights);
    sumsOf(weights);
    ratesOf(weights);
    return performance.now() - start;
  });
  return times.sort()[250] ?? 0;
}

console.log(`${count} pairs, ${resamples} resamples`);
const total = { wall: 0, cpu: 0 };
let undisturbed = 0;
for (const name of protocolNames) {
  const kind = protocols[name].score;
  const pairs = { scores: kind === 'cosine' ? cosines : distances, same };
  const figures = timed(`${name}: figures`, () => {
    runProtocol(name, pairs);
    const ranked = rankPairs(pairs, kind);
    const curve = rocCurve(ranked);
    if (curve) thinRoc(curve);
    for (const figure of [aucOf, equalError, dPrime, tarTable]) figure(ranked);
    scoreHistogram(pairs);
  });
  const intervals = timed(`${name}: intervals`, () => {
    bootstrap(name, pairs, { resamples });
  });
  undisturbed += medianResample(name, pairs) * resamples;
  total.wall += figures.wall + intervals.wall;
  total.cpu += figures.cpu + intervals.cpu;
}
console.log(
  `${'all'.padEnd(34)} ${total.wall.toFixed(0).padStart(6)} ms  cpu ${total.cpu.toFixed(0).padStart(6)} ms`,
);
console.log(`intervals, undisturbed ${undisturbed.toFixed(0).padStart(18)} ms`);

const ranked = rankPairs({ scores: cosines, same });
timed('1,000,000 operating points', () => {
  for (let i = 0; i < 1e6; i++) operatingPoint(ranked, i / 1e6);
});

// 80 persons with 44 pictures: 151,360 ordered pairs; some of the probes against some of a million distractors.
const [probes, columns, blocks] = [3520, 500, 8];
const block = Float32Array.from({ length: probes * columns }, () => 0.1 * random.normal());
const tally = megaFace({
  identities: Array.from({ length: probes }, (_, i) => i % 80),
  positive: () => 0.6 + 0.12 * random.normal(),
});
const { wall } = timed(`${probes * columns * blocks} distractor scores`, () => {
  for (let i = 0; i < blocks; i++)
    tally.add({ probe: 0, entry: i * columns, rows: probes, columns, scores: block });
});
console.log(`${((wall * 1e6) / (probes * columns * blocks)).toFixed(1)} ns a score`);
timed('rank curve and TAR at FAR', () => {
  tally.result();
});
