import { describe, expect, it } from 'vitest';
import { type Sample, type SampleFindings, sampleStepNames } from '../../../src/core/contract/sample.ts';
import { roundTicks } from '../../../src/core/report/chart.ts';
import { sampleReport } from '../../../src/core/report/sample-report.ts';

const findings: SampleFindings = {
  made: { photographs: 130, identities: 20, crops: 2240, cropIdentities: 160 },
  faces: { true: 140, found: 133, extra: 2, pointError: 0.0345 },
  clusters: { faces: 133, clusters: 21, identities: 20, precision: 0.99, recall: 0.875, f1: 0.92891 },
  training: { images: 1792, identities: 128, heldOut: 32, steps: 500, batch: 32, size: 64, seconds: 65.4 },
  verification: {
    pairs: 2000,
    before: {
      accuracy: 0.561,
      deviation: 0.03,
      auc: 0.5678,
      roc: [
        [0, 0],
        [1, 1],
      ],
    },
    after: {
      accuracy: 0.953,
      deviation: 0.012,
      auc: 0.98765,
      roc: [
        [0, 0],
        [0.1, 0.96],
        [1, 1],
      ],
    },
    lookAlikes: { pairs: 1800, identities: 16, before: 0.5204, after: 0.887 },
  },
  searches: [
    {
      ...{ face: 3, crop: 'aa', milliseconds: 4 },
      hits: [
        { face: 4, crop: 'bb', similarity: 0.876, right: true },
        { face: 5, crop: 'missing', similarity: 0.411, right: false },
      ],
    },
  ],
};
const sample: Sample = {
  ...{
    state: 'done',
    seed: 42,
    error: null,
    findings,
    photographs: 1,
    crops: 2,
    run: 1,
    job: null,
    shown: ['aa', 'bb'],
  },
  steps: sampleStepNames.map((name) => ({
    ...{
      name,
      title: `Step <${name}>`,
      about: 'does & is',
      state: 'done',
      done: 1,
      total: 1,
      unit: 'things',
    },
    ...{ result: `“${name}” & more`, seconds: 6.5, place: null },
  })),
};
const png = 'data:image/png;base64,iVBORw0KGgo=';
const content = {
  ...{ sample, version: '1.2.3' },
  pictures: new Map([
    ['aa', png],
    ['bb', png],
  ]),
  curves: {
    loss: Array.from({ length: 50 }, (_, i) => [i * 10, 12 / (1 + i)] as const),
    accuracy: [[0, 0.561] as const, [250, 0.9] as const, [500, 0.953] as const],
  },
};

/** Tags that must be closed, and are closed in order. */
function unbalanced(page: string): string[] {
  const wrong: string[] = [];
  const open: string[] = [];
  const empty = ['meta', 'img', 'line', 'circle', 'polyline', 'br'];
  for (const [tag, close, name = ''] of page
    .replace(/<style>.*?<\/style>/s, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (close === '/') {
      if (open.pop() !== name) wrong.push(tag);
    } else if (!empty.includes(name)) open.push(name);
  }
  return [...wrong, ...open];
}

describe('the report of a sample project', () => {
  const page = sampleReport(content);

  it('is one page that refers to nothing outside of it', () => {
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/<script|<link|@import|url\(|https?:/);
    expect([...page.matchAll(/\b(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toEqual(
      Array.from({ length: 4 }, () => png),
    );
    expect(page).toContain('@media screen and (prefers-color-scheme: dark)');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('says what it is, and the figures', () => {
    const text = page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    for (const said of [
      ...['Nobody in this report exists', 'Models trained on them are not for real faces', 'seed 42'],
      ...['95.0%', '133 of the 140', '3.5%', 'F1 0.929', '56.1% → 95.3%', '1 of 1', 'area 0.988'],
      ...['500 steps of 32 pictures in 1 min 5 s', '32 more people', '✓ 0.88', '✗ 0.41'],
    ])
      expect(text).toContain(said);
  });

  it('tells of people who look alike where they were verified on', () => {
    expect(page).toContain('1,800 pairs of 16 others of the same skin, hair and sex');
    expect(page).toContain('right in 52.0% before training, and in 88.7% after');
  });

  it('escapes what it is told', () => {
    expect(page).toContain('Step &lt;train&gt;');
    expect(page).toContain('&amp; more');
    expect(page).not.toContain('Step <');
  });

  it('is whole where little was done', () => {
    const none: SampleFindings = {
      ...{ made: null, faces: null, clusters: null, training: null, verification: null },
      searches: [],
    };
    const steps = sample.steps.map((step) => ({ ...step, state: 'waiting' as const, result: null }));
    const started = { ...sample, state: 'stopped' as const, findings: none, steps, shown: [] };
    const short = sampleReport({ ...content, sample: started, curves: { loss: [], accuracy: [] } });
    expect(unbalanced(short)).toEqual([]);
    expect(short).not.toMatch(/NaN|undefined|Infinity/);
    expect(short).toContain('not all steps are done');
  });
});

describe('ticks', () => {
  it('are round and within', () => {
    expect(roundTicks(0, 1, 5).map((tick) => Number(tick.toFixed(6)))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(0, 448, 5)).toEqual([0, 100, 200, 300, 400]);
    expect(roundTicks(3, 3, 5)).toEqual([3]);
  });
});
